"""Recording changes: they are kept, and unread for the people who looked at a subject or watch it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from notifications.changes.recording import Changed, mark_looked_at, record_changes
from notifications.models import Change, Notice, Seen, Unread
from tests.conftest import People
from tests.subjects import a_notice, a_subject, change, watch, what_changed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def _unread(user: User) -> set[object]:
    return set(Unread.objects.filter(user=user).values_list("subject_id", flat=True))


def test_changes_are_kept_until_somebody_is_notified() -> None:
    subject, at = a_subject(), timezone.now()
    record_changes([what_changed(subject, state=["a", "b"], price=[1, None])], at)
    kept = Change.objects.get()
    assert (kept.subject_id, kept.label, kept.url) == (subject.id, subject.label, subject.url)
    assert (kept.customer, kept.at, kept.notified_at) == (subject.customer, at, None)
    assert kept.changes == {"state": ["a", "b"], "price": [1, None]}


def test_no_change_runs_no_query(django_assert_num_queries: object) -> None:
    with CaptureQueriesContext(connection) as queries:
        record_changes([], timezone.now())
    assert not len(queries)


def test_names_longer_than_any_column_are_cut() -> None:
    record_changes([Changed("things", a_subject().id, "L" * 999, "/" * 999, "C" * 999)], timezone.now())
    kept = Change.objects.get()
    assert (len(kept.label), len(kept.url), len(kept.customer)) == (250, 500, 250)


def test_it_is_unread_for_people_who_looked_at_it_or_watch_it(people: People) -> None:
    subject, other = a_subject(), a_subject()
    mark_looked_at(people.sales, subject.id)
    watch(people.back_office, subject)
    mark_looked_at(people.other_sales, other.id)
    change(subject)
    assert _unread(people.sales) == _unread(people.back_office) == {subject.id}
    assert not _unread(people.other_sales)


def test_it_stays_unread_from_the_first_change_on(people: People) -> None:
    subject = a_subject()
    mark_looked_at(people.sales, subject.id)
    watch(people.sales, subject)
    change(subject)
    since = Unread.objects.get().since
    change(subject)
    assert Unread.objects.get().since == since


def test_looking_at_it_marks_it_and_its_notices_as_read(people: People) -> None:
    subject = a_subject()
    watch(people.sales, subject)
    watch(people.back_office, subject)
    change(subject)
    for person in (people.sales, people.back_office):
        Notice.objects.create(user=person, change=Change.objects.get())
    elsewhere = a_notice(people.sales)
    mark_looked_at(people.sales, subject.id)
    assert not _unread(people.sales)
    assert _unread(people.back_office) == {subject.id}
    assert set(Notice.objects.unread()) == {elsewhere, *people.back_office.notices.all()}


def test_looking_returns_when_the_person_looked_before(people: People) -> None:
    subject = a_subject()
    assert mark_looked_at(people.sales, subject.id) is None
    assert mark_looked_at(people.back_office, subject.id) is None
    first = Seen.objects.get(user=people.sales)
    assert mark_looked_at(people.sales, subject.id) == first.at
    first.refresh_from_db()
    assert timezone.now() - first.at < timedelta(minutes=1)


def test_the_number_of_statements_depends_on_neither_changes_nor_people(people: People) -> None:
    def statements(number: int) -> int:
        subjects = [a_subject() for _ in range(number)]
        for user in list(User.objects.all())[:number]:
            for subject in subjects:
                watch(user, subject)
        with CaptureQueriesContext(connection) as queries:
            change(*subjects)
        return len(queries)

    assert statements(1) == statements(5) == statements(30)
