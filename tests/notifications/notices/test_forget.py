"""What was read long ago is deleted; what somebody has yet to read, or be notified of, is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import tasks
from notifications.models import Change, Notice
from notifications.notices.distribution import KEPT
from sync.leases import lease
from tests.conftest import People
from tests.subjects import a_notice, a_subject, change

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

LONG_AGO = timezone.now() - KEPT - timedelta(days=1)


def _grow_old() -> None:
    Notice.objects.update(at=LONG_AGO)
    Change.objects.filter(notified_at__isnull=False).update(notified_at=LONG_AGO)


def test_what_was_read_long_ago_is_deleted_with_its_change(people: People) -> None:
    a_notice(people.sales, is_unread=False)
    _grow_old()
    a_notice(people.sales, "NEW", is_unread=False)
    tasks.forget()
    assert [str(notice) for notice in Notice.objects.all()] == ["NEW"]
    assert [str(one) for one in Change.objects.all()] == ["NEW"]


def test_what_was_not_read_is_kept(people: People) -> None:
    a_notice(people.sales)
    _grow_old()
    tasks.forget()
    assert Notice.objects.exists()


def test_a_change_is_kept_for_people_who_have_not_read_it_yet(people: People) -> None:
    read = a_notice(people.sales, is_unread=False)
    Notice.objects.create(user=people.back_office, change=read.change)
    _grow_old()
    tasks.forget()
    assert [notice.user for notice in Notice.objects.all()] == [people.back_office]


def test_what_nobody_was_notified_of_yet_is_kept(people: People) -> None:
    change(a_subject())
    Change.objects.update(at=LONG_AGO)
    tasks.forget()
    assert Change.objects.exists()


def test_a_second_worker_leaves_it_to_the_first(people: People) -> None:
    a_notice(people.sales, is_unread=False)
    _grow_old()
    with lease("forget notices"):
        tasks.forget()
    assert Notice.objects.exists()
