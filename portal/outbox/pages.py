"""What is owed to the vendor and what was refused: who sees which operation, and how each one reads."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE
from notifications.subjects import Subject
from outbox.handlers import of_configured_apis, of_unknown_kind
from outbox.models import Operation
from outbox.status_badges import badge_of
from portal.outbox.groups import GROUPS, UNKNOWN, OperationGroup, group_of
from web.badge import Badge
from web.words import refusal_words

if TYPE_CHECKING:
    from accounts.models import User
    from outbox.models import OperationQuerySet

State = Operation.State
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """An operation as people read it; `url` is empty when what it is about is not there any more.

    `about` tells what is asked for; `mend_url` is where a refused one is mended.
    """

    operation: Operation
    about: str
    url: str
    mend_url: str
    badge: Badge
    next_try: datetime | None
    is_in_turn: bool
    said: list[str]
    may_send: bool
    may_withdraw: bool
    may_dismiss: bool


@dataclass(frozen=True)
class Group:
    """A subject with its operations on a page, in the order in which they are sent.

    `url` is empty when the subject is deleted here, or when nobody knows what it is.
    """

    label: str
    url: str
    is_deleted: bool
    rows: list[Row]


@dataclass(frozen=True)
class _Known:
    """What there is to know about a page of operations: their subjects, what has a page, and what one may do.

    By matter, `present` holds the ids of what has a page, `actable` those of subjects.
    """

    subjects: dict[uuid.UUID, Subject]
    present: dict[OperationGroup, set[uuid.UUID]]
    actable: dict[OperationGroup, set[uuid.UUID]]

    def may_act(self, operation: Operation) -> bool:
        return operation.subject_id in self.actable[group_of(operation)]


def visible_to(user: "User") -> "OperationQuerySet":
    """Those that concern a person, about what is deleted too; all for the back office, of unknown kinds as well.

    None of those that are sent to an API that is not configured.
    """
    if user.has_role(BACK_OFFICE):
        return Operation.objects.filter(of_configured_apis() | of_unknown_kind())
    operations = Operation.objects.filter(of_configured_apis())
    # Asked of each operation, for there are few that ask for attention and many carts and orders.
    return operations.filter(reduce(or_, (matter.concerns(user) for matter in GROUPS)))


def may_act(user: "User", operation: Operation) -> bool:
    """Whether someone may send, withdraw or put aside an operation that they see."""
    return operation.subject_id in set(group_of(operation).actable(user, [operation.subject_id]))


def count(request: AuthenticatedHttpRequest) -> int:
    """How many operations ask for the attention of whoever is signed in."""
    return visible_to(request.user).troubled().count()


def done_lately(operations: "OperationQuerySet") -> "OperationQuerySet":
    """What was sent, withdrawn or put aside within the last week."""
    # Said by what they are not: that leads no database to gather every operation that ever succeeded.
    ended = operations.exclude(state__in=Operation.UNFINISHED).exclude(state=State.REFUSED, dismissed=False)
    return ended.filter(finished_at__gte=timezone.now() - LATELY)


def groups_of(operations: list[Operation], user: "User") -> list[Group]:
    """A page of operations by subject, the one with the newest first. A few queries for each matter on the page."""
    known = _known(operations, user)
    return [
        _group(_in_order(operations, subject_id), known)
        for subject_id in dict.fromkeys(operation.subject_id for operation in operations)
    ]


def _known(operations: Collection[Operation], user: "User") -> _Known:
    by_matter: dict[OperationGroup, list[Operation]] = defaultdict(list)
    for operation in operations:
        by_matter[group_of(operation)].append(operation)
    known = _Known({}, {}, {})
    for matter, its in by_matter.items():
        ids = {operation.subject_id for operation in its}
        found = {subject.id: subject for subject in matter.subjects(ids)}
        known.subjects.update(found)
        known.present[matter] = {subject.id for subject in found.values() if subject.url}
        known.present[matter].update(matter.targets({operation.target_id for operation in its}))
        known.actable[matter] = set(matter.actable(user, ids))
    return known


def _in_order(operations: list[Operation], subject_id: uuid.UUID) -> list[Operation]:
    return sorted((o for o in operations if o.subject_id == subject_id), key=lambda o: o.pk)


def _group(operations: list[Operation], known: _Known) -> Group:
    first_pending = next((o.pk for o in operations if not o.is_finished), None)
    subject = known.subjects.get(operations[0].subject_id)
    rows = [_row(operation, known, is_in_turn=operation.pk == first_pending) for operation in operations]
    url = subject.url if subject else ""
    is_deleted = not url and any(group_of(operation) is not UNKNOWN for operation in operations)
    return Group(subject.label if subject else operations[0].label, url, is_deleted, rows)


def _row(operation: Operation, known: _Known, *, is_in_turn: bool) -> Row:
    matter, may_act = group_of(operation), known.may_act(operation)
    waits = operation.state in (State.WAITING, State.UNKNOWN)
    is_present = operation.target_id in known.present[matter]
    return Row(
        operation=operation,
        about=matter.about(operation),
        url=operation.url if is_present else "",
        mend_url=matter.mend_url(operation) if is_present else "",
        badge=badge_of(operation),
        next_try=operation.due_at if waits and operation.due_at > timezone.now() else None,
        is_in_turn=is_in_turn,
        said=list(_said(operation, matter)),
        may_send=may_act and waits and matter is not UNKNOWN,
        may_withdraw=may_act and operation.was_never_sent and matter.may_be_withdrawn(operation),
        may_dismiss=may_act and operation.state == State.REFUSED and not operation.dismissed,
    )


def _said(operation: Operation, matter: OperationGroup) -> Iterable[str]:
    """The vendor's own words: each error with the field that it names."""
    for error in operation.errors:
        words = refusal_words(error)
        if error.get("value"):
            words = f"{words} ({error['value']})"
        if error.get("path"):
            label = str(matter.label_of(error["path"]))
            words = gettext("%(label)s: %(words)s") % {"label": label, "words": words}
        yield words
