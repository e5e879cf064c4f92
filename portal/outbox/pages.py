"""What is waiting for the vendor and what was refused: who sees which operation, and how each one reads."""

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
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class OperationRow:
    """An operation as people read it; `url` is empty when what it is about has no page any more.

    `about` says what is requested; `fix_url` is where a refused one is fixed.
    """

    operation: Operation
    about: str
    url: str
    fix_url: str
    badge: Badge
    next_try: datetime | None
    is_in_turn: bool
    said: list[str]
    may_send: bool
    may_withdraw: bool
    may_dismiss: bool


@dataclass(frozen=True)
class SubjectOperations:
    """A subject with its operations on a page, in the order in which they are sent.

    `url` is empty when the subject is deleted here, or when nobody knows what it is.
    """

    label: str
    url: str
    is_deleted: bool
    rows: list[OperationRow]


@dataclass(frozen=True)
class _Known:
    """What is known about a page of operations: their subjects, what has a page, and what the user may do.

    By group, `present` holds the ids of what has a page, `actable` those of subjects.
    """

    subjects: dict[uuid.UUID, Subject]
    present: dict[OperationGroup, set[uuid.UUID]]
    actable: dict[OperationGroup, set[uuid.UUID]]

    def may_act(self, operation: Operation) -> bool:
        return operation.subject_id in self.actable[group_of(operation)]


def visible_to(user: "User") -> "OperationQuerySet":
    """The operations that concern a user, also about what is deleted; all for the back office, also of unknown kinds.

    None of those that go to an API that is not configured.
    """
    if user.has_role(BACK_OFFICE):
        return Operation.objects.filter(of_configured_apis() | of_unknown_kind())
    operations = Operation.objects.filter(of_configured_apis())
    # A condition on each operation: few of them ask for attention, and there are many carts and orders.
    return operations.filter(reduce(or_, (group.concerns(user) for group in GROUPS)))


def may_act(user: "User", operation: Operation) -> bool:
    """Whether a user may send, withdraw or dismiss an operation that they see."""
    return operation.subject_id in set(group_of(operation).actable(user, [operation.subject_id]))


def count(request: AuthenticatedHttpRequest) -> int:
    """How many operations ask for the user's attention."""
    return visible_to(request.user).troubled().count()


def recently_finished(operations: "OperationQuerySet") -> "OperationQuerySet":
    """The operations that were sent, withdrawn or dismissed within the last week."""
    # Said by what they are not, so that no database collects every operation that ever succeeded.
    ended = operations.exclude(state__in=Operation.UNFINISHED).exclude(state=State.REFUSED, dismissed=False)
    return ended.filter(finished_at__gte=timezone.now() - RECENT)


def by_subject(operations: list[Operation], user: "User") -> list[SubjectOperations]:
    """A page of operations by subject, the one with the newest first. A few queries for each group on the page."""
    known = _known(operations, user)
    return [
        _operations_of(_in_order(operations, subject_id), known)
        for subject_id in dict.fromkeys(operation.subject_id for operation in operations)
    ]


def _known(operations: Collection[Operation], user: "User") -> _Known:
    by_group: dict[OperationGroup, list[Operation]] = defaultdict(list)
    for operation in operations:
        by_group[group_of(operation)].append(operation)
    known = _Known({}, {}, {})
    for group, its in by_group.items():
        ids = {operation.subject_id for operation in its}
        found = {subject.id: subject for subject in group.subjects(ids)}
        known.subjects.update(found)
        known.present[group] = {subject.id for subject in found.values() if subject.url}
        known.present[group].update(group.targets({operation.target_id for operation in its}))
        known.actable[group] = set(group.actable(user, ids))
    return known


def _in_order(operations: list[Operation], subject_id: uuid.UUID) -> list[Operation]:
    return sorted((o for o in operations if o.subject_id == subject_id), key=lambda o: o.pk)


def _operations_of(operations: list[Operation], known: _Known) -> SubjectOperations:
    first_pending = next((o.pk for o in operations if not o.is_finished), None)
    subject = known.subjects.get(operations[0].subject_id)
    rows = [_row(operation, known, is_in_turn=operation.pk == first_pending) for operation in operations]
    url = subject.url if subject else ""
    is_deleted = not url and any(group_of(operation) is not UNKNOWN for operation in operations)
    return SubjectOperations(subject.label if subject else operations[0].label, url, is_deleted, rows)


def _row(operation: Operation, known: _Known, *, is_in_turn: bool) -> OperationRow:
    group, may_act = group_of(operation), known.may_act(operation)
    waits = operation.state in (State.WAITING, State.UNKNOWN)
    is_present = operation.target_id in known.present[group]
    return OperationRow(
        operation=operation,
        about=group.about(operation),
        url=operation.url if is_present else "",
        fix_url=group.fix_url(operation) if is_present else "",
        badge=badge_of(operation),
        next_try=operation.due_at if waits and operation.due_at > timezone.now() else None,
        is_in_turn=is_in_turn,
        said=list(_said(operation, group)),
        may_send=may_act and waits and group is not UNKNOWN,
        may_withdraw=may_act and operation.was_never_sent and group.may_be_withdrawn(operation),
        may_dismiss=may_act and operation.state == State.REFUSED and not operation.dismissed,
    )


def _said(operation: Operation, group: OperationGroup) -> Iterable[str]:
    """The vendor's own words: each error with the field that it names."""
    for error in operation.errors:
        words = refusal_words(error)
        if error.get("value"):
            words = f"{words} ({error['value']})"
        if error.get("path"):
            label = str(group.label_of(error["path"]))
            words = gettext("%(label)s: %(words)s") % {"label": label, "words": words}
        yield words
