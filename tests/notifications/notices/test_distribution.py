"""Watchers are notified of what changed: once, however they watch it, and nobody else is."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from lists.registered_pages import ListPage, register_page
from notifications import tasks
from notifications.changes.recording import record_changes
from notifications.models import Change, Mailing, Notice, Watch
from notifications.notices.distribution import BATCH, notify_watchers
from notifications.watches import actions
from sync.leases import lease
from tests.conftest import People
from tests.subjects import (
    CUSTOMER,
    PAGE,
    THINGS,
    a_subject,
    a_view,
    change,
    notified_of,
    watch,
    what_changed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_watchers_of_an_order_are_notified_of_it(people: People) -> None:
    watch(people.sales, one := a_subject("ONE"))
    change(one, a_subject("OTHER"))
    notify_watchers()
    assert notified_of(people.sales) == ["ONE"]
    assert not notified_of(people.back_office)


@pytest.mark.parametrize("name", [CUSTOMER, CUSTOMER.upper(), "  boulangerie   MARTIN "])
def test_watchers_of_a_customer_are_notified_whatever_the_case(people: People, name: str) -> None:
    watch(people.sales, customer=name)
    change(a_subject("ONE"), a_subject("TWO", customer=CUSTOMER.lower()), a_subject("NOT", "Boulangerie"))
    notify_watchers()
    assert notified_of(people.sales) == ["ONE", "TWO"]


@pytest.mark.parametrize("customer", ["", "   "])
def test_an_order_without_a_customer_matches_no_customers_watch(people: People, customer: str) -> None:
    watch(people.sales, a_subject("ELSE"))
    watch(people.sales, customer=CUSTOMER)
    change(a_subject("ONE", customer))
    notify_watchers()
    assert not notified_of(people.sales)


def test_watchers_of_a_saved_view_are_notified_of_what_it_shows(people: People) -> None:
    one = a_subject("ONE")
    watch(people.sales, view=a_view(people.sales, f"only={one.id}"))
    change(one, a_subject("OTHER"))
    notify_watchers()
    assert notified_of(people.sales) == ["ONE"]


def test_a_view_is_matched_as_each_of_its_watchers(people: People) -> None:
    view = a_view(people.sales, "user=back-office", team=people.north)
    watch(people.sales, view=view)
    watch(people.back_office, view=view)
    change(a_subject("ONE"))
    notify_watchers()
    assert notified_of(people.back_office) == ["ONE"]
    assert not notified_of(people.sales)


def test_a_view_is_matched_once_a_watch_however_much_changed(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    matched = []
    register_page(
        ListPage(PAGE, "Things", "notifications:notices", lambda q, u, ids: matched.append(ids) or ids)
    )  # type: ignore[func-returns-value]
    watch(people.sales, view=a_view(people.sales))
    change(*(a_subject() for _ in range(5)))
    notify_watchers()
    assert [len(subjects) for subjects in matched] == [5]


def test_what_a_page_matches_beyond_the_changes_is_ignored(people: People) -> None:
    watch(people.sales, view=a_view(people.sales, f"only={uuid4()}"))
    change(a_subject("ONE"))
    notify_watchers()
    assert not notified_of(people.sales)


def test_a_view_that_fails_does_not_stop_the_others(people: People, caplog: pytest.LogCaptureFixture) -> None:
    broken = a_view(people.sales, "only=nonsense")
    watch(people.sales, view=broken)
    watch(people.sales, view=a_view(people.sales, name="Everything"))
    watch(people.back_office, one := a_subject("ONE"))
    change(one)
    notify_watchers()
    assert notified_of(people.sales) == notified_of(people.back_office) == ["ONE"]
    assert f"The saved view {broken.pk}" in caplog.text


def test_a_view_of_a_page_that_is_gone_notifies_of_nothing(people: People) -> None:
    view = a_view(people.sales)
    view.page = "of-long-ago"
    view.save()
    watch(people.sales, view=view)
    one = a_subject()
    record_changes(
        [what_changed(one), what_changed(one).__class__("of-long-ago", one.id, "L", "/")], timezone.now()
    )
    notify_watchers()
    assert not notified_of(people.sales)


def test_somebody_with_whom_a_view_is_no_longer_shared_is_not_notified(people: People) -> None:
    view = a_view(people.sales, team=people.north)
    watch(people.back_office, view=view)
    people.north.members.remove(people.back_office)
    change(a_subject())
    notify_watchers()
    assert not notified_of(people.back_office)


def test_somebody_who_may_not_see_it_any_more_is_not_notified(people: People) -> None:
    shown, hidden = a_subject("SHOWN"), a_subject("HIDDEN")
    for person in (people.sales, people.other_sales):
        watch(person, shown)
        watch(person, hidden)
    register_page(
        replace(THINGS, visible=lambda user, ids: ids - {hidden.id} if user != people.sales else ids)
    )
    change(shown, hidden)
    notify_watchers()
    assert notified_of(people.sales) == ["SHOWN", "HIDDEN"]
    assert notified_of(people.other_sales) == ["SHOWN"]


def test_a_person_is_notified_once_however_many_watches_match(people: People) -> None:
    one = a_subject("ONE")
    watch(people.sales, one)
    watch(people.sales, customer=one.customer)
    watch(people.sales, view=a_view(people.sales))
    watch(people.sales, view=a_view(people.sales, name="The same"))
    change(one)
    notify_watchers()
    assert notified_of(people.sales) == ["ONE"]


def test_each_change_is_notified_once(people: People) -> None:
    watch(people.sales, one := a_subject("ONE"))
    change(one)
    notify_watchers()
    notify_watchers()
    assert notified_of(people.sales) == ["ONE"]
    assert Change.objects.get().notified_at
    change(one)
    notify_watchers()
    assert notified_of(people.sales) == ["ONE", "ONE"]


def test_somebody_who_left_or_has_no_role_is_not_notified(people: People) -> None:
    one = a_subject("ONE")
    for person in (people.sales, people.nobody, people.administrator):
        watch(person, one)
    people.sales.is_active = False
    people.sales.save()
    change(one)
    notify_watchers()
    assert not notified_of(people.sales)
    assert not notified_of(people.nobody)
    assert notified_of(people.administrator) == ["ONE"]


def test_more_than_one_batch_is_notified_in_one_run(people: People) -> None:
    watch(people.sales, customer=CUSTOMER)
    change(*(a_subject() for _ in range(BATCH + 1)))
    tasks.notify()
    assert len(notified_of(people.sales)) == BATCH + 1


def test_somebody_notified_for_the_first_time_has_chosen_a_daily_mail(people: People) -> None:
    watch(people.sales, one := a_subject())
    change(one)
    notify_watchers()
    assert people.sales.mailing.choice == Mailing.Choice.DAILY
    assert people.sales.mailing.since == Notice.objects.get().at


def test_a_second_worker_leaves_it_to_the_first(people: People) -> None:
    watch(people.sales, one := a_subject())
    change(one)
    with lease("notify"):
        notify_watchers()
    assert not notified_of(people.sales)


def test_the_number_of_queries_depends_on_neither_changes_nor_watchers(people: People) -> None:
    def queries(number: int) -> int:
        subjects = [a_subject() for _ in range(number)]
        for user in list(User.objects.all())[:number]:
            for subject in subjects:
                watch(user, subject)
        change(*subjects)
        with CaptureQueriesContext(connection) as captured:
            notify_watchers()
        return len(captured)

    assert queries(1) == queries(10)


def test_watching_twice_notifies_once(people: People) -> None:
    one = a_subject()
    for _ in range(2):
        actions.watch_subjects(
            people.sales, [one, a_subject("OTHER")] if not Watch.objects.exists() else [one]
        )
        actions.watch_customer(people.sales, "Martin")
        actions.watch_customer(people.sales, " MARTIN")
    assert people.sales.watches.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_the_same_moment_each_person_is_notified_once(people: People) -> None:
    one = a_subject("ONE")
    for person in (people.sales, people.back_office):
        watch(person, one)
    change(one)
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        try:
            notify_watchers()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert notified_of(people.sales) == notified_of(people.back_office) == ["ONE"]
