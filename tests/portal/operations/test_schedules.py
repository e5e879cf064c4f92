"""Scheduled tasks: declared once, written into the queue's table, and callable as written."""

import ast
import importlib
import inspect
from datetime import timedelta

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import Schedule

from portal.operations.schedules import DAY, NIGHT, SCHEDULES, ensure_schedules

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_after_a_migration_the_declared_schedules_are_written() -> None:
    Schedule.objects.all().delete()
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    assert {(s.name, s.func, s.minutes) for s in Schedule.objects.all()} == {
        (name, func, minutes) for name, (func, minutes, _kwargs) in SCHEDULES.items()
    }


def test_writing_them_again_changes_neither_their_number_nor_their_next_run() -> None:
    ensure_schedules(connection.alias)
    before = list(Schedule.objects.order_by("name").values_list("name", "next_run"))
    ensure_schedules(connection.alias)
    assert list(Schedule.objects.order_by("name").values_list("name", "next_run")) == before


def test_what_is_done_once_a_day_is_done_at_night_and_the_rest_at_once() -> None:
    Schedule.objects.all().delete()
    ensure_schedules(connection.alias)
    for schedule in Schedule.objects.all():
        if schedule.minutes == DAY:
            assert timezone.localtime(schedule.next_run).time() == NIGHT
            assert timezone.now() < schedule.next_run < timezone.now() + timedelta(days=2)
        else:
            assert schedule.next_run <= timezone.now()


def test_a_schedule_that_is_not_declared_any_more_goes() -> None:
    Schedule.objects.create(name="of long ago", func="os.getcwd", schedule_type=Schedule.HOURLY)
    ensure_schedules(connection.alias)
    assert not Schedule.objects.filter(name="of long ago").exists()


@pytest.mark.parametrize("name", SCHEDULES)
def test_what_is_scheduled_can_be_called_as_the_queue_will(name: str) -> None:
    ensure_schedules(connection.alias)
    schedule = Schedule.objects.get(name=name)
    module, _, function = schedule.func.rpartition(".")
    kwargs = ast.literal_eval(schedule.kwargs) if schedule.kwargs else {}
    inspect.signature(getattr(importlib.import_module(module), function)).bind(**kwargs)
    assert schedule.repeats == -1


def test_a_task_is_given_to_another_worker_only_when_its_time_is_over() -> None:
    assert Conf.RETRY > Conf.TIMEOUT
