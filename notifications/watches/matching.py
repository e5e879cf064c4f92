"""Matching watches: which rows a person watches, and who is notified of which change."""

import logging
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from accounts.models import User
from lists.models import SavedView
from lists.registered_pages import ListPage, page_named
from notifications.models import Change, Watch, customer_key

logger = logging.getLogger(__name__)

# People and changes, by their primary keys.
Recipients = set[tuple[int, int]]
# By the name of a list page, the subjects on it.
OnPages = Mapping[str, Sequence[UUID]]

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Rows = TypeVar("Rows", bound="QuerySet[Any]")


def watched(rows: Rows, user: User) -> Rows:
    """Returns those of the rows, subjects by their `uuid`, that a person watches, singly or by their customer."""
    return rows.filter(_watched_by(user))


def own_or_watched(rows: Rows, own: "QuerySet[Any]", user: User) -> Rows:
    """Returns those of the rows that are a person's own, which `own` selects, or that they watch."""
    return rows.filter(Q(pk__in=own.values("pk")) | _watched_by(user))


def _watched_by(user: User) -> Q:
    watches = Watch.objects.filter(user=user, view=None).values_list("subject_id", "customer")
    subjects = [subject for subject, _customer in watches if subject]
    customers = [customer for _subject, customer in watches if customer]
    return Q(uuid__in=subjects) | Q(end_customer_name__in=customers)


def watchers_of(changes: Sequence[Change]) -> Recipients:
    """Returns who is notified of which change, once each however many of their watches match it."""
    by_subject = _grouped((change.subject_id, change) for change in changes)
    by_customer = _grouped((customer_key(change.customer), change) for change in changes)
    by_customer.pop("", None)
    on_pages = _grouped((change.page, change.subject_id) for change in changes)
    watches = Watch.objects.of_readers().filter(customer_key__in=by_customer)
    on_customer = watches.values_list("user_id", "customer_key")
    return {
        *(
            (user, change.pk)
            for user, key in [*_by_subjects(on_pages), *_by_views(on_pages)]
            for change in by_subject[key]
        ),
        *((user, change.pk) for user, key in on_customer for change in by_customer[key]),
    }


def _by_subjects(on_pages: OnPages) -> Iterator[tuple[int, UUID]]:
    """Yields the people who watch one of these subjects and may still see it, with the subject."""
    for name, subjects in on_pages.items():
        watches = Watch.objects.of_readers().filter(subject_id__in=subjects).select_related("user")
        page = page_named(name)
        for user, ids in _grouped((watch.user, watch.subject_id) for watch in watches).items():
            watched = {subject_id for subject_id in ids if subject_id}
            yield from ((user.pk, one) for one in (page.visible(user, watched) if page else watched))


def _by_views(on_pages: OnPages) -> Iterator[tuple[int, UUID]]:
    """Yields the people who watch a view that shows one of these subjects, with the subject."""
    watches = Watch.objects.of_readers().permitted().filter(view__page__in=on_pages)
    for watch in watches.select_related("user", "view"):
        view = watch.view
        if view and (page := page_named(view.page)):
            for subject_id in _shown(page, view, watch.user, set(on_pages[view.page])):
                yield watch.user_id, subject_id


def _shown(page: ListPage, view: SavedView, user: User, subjects: set[UUID]) -> set[UUID]:
    """Returns which of the subjects the view shows: none, and a log entry, if it fails, so that others still match."""
    try:
        return page.matching(QueryDict(view.query), user, subjects) & subjects
    except Exception:
        logger.exception("The saved view %s on the page %s can't be evaluated.", view.pk, page.name)
        return set()


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    groups: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
