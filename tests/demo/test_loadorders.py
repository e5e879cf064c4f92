"""`manage.py loadorders`: invented orders, as if they had come from Covage."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from demo.invented import FIRST_NUMBER
from tracking.models import Appointment, LeadTime, Order, OrderCount, OrderDetail, StepTime
from tracking.orders.history import current, entries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COUNT = 400


def load(count: int = COUNT, **options: Any) -> str:
    out = StringIO()
    call_command("loadorders", str(count), stdout=out, yes=True, **options)
    return out.getvalue()


def contents() -> list[tuple[Any, ...]]:
    columns = (
        "reference",
        "state",
        "end_customer_name",
        "city",
        "commitment",
        "external_id",
        "notice_period",
    )
    return list(Order.objects.order_by("reference").values_list(*columns))


def test_so_many_orders_are_there_with_their_own_references() -> None:
    assert f"{COUNT} orders" in load()
    references = Order.objects.order_by("reference").values_list("reference", flat=True)
    assert [references[0], len(references)] == [f"CMD_X_{FIRST_NUMBER + 1}", COUNT]


def test_the_same_seed_makes_the_same_orders_and_another_others() -> None:
    load()
    first = contents()
    load()
    assert contents() == first
    load(seed=2)
    assert contents() != first
    assert Order.objects.count() == COUNT


def test_orders_are_of_many_kinds_and_counted() -> None:
    load()
    states = set(Order.objects.values_list("state", flat=True))
    assert states >= {"in_progress", "active", "cancelled", "rejected", "terminated"}
    assert Order.objects.late().exists()
    assert Order.objects.filter(notice_on__isnull=False).exists()
    assert sum(OrderCount.objects.values_list("count", flat=True)) == COUNT
    assert LeadTime.objects.filter(month=None, technology="").exists()


def test_those_in_production_have_a_history_that_ends_with_their_step() -> None:
    load()
    for order in Order.objects.filter(state="in_progress").select_related("details"):
        entry = current(entries(order.details.history))
        assert entry
        assert (order.step, order.step_since) == (entry.state, entry.at)


def test_loading_again_leaves_one_of_everything() -> None:
    load()
    kept = [model.objects.count() for model in (OrderDetail, StepTime, Appointment)]
    load()
    assert [model.objects.count() for model in (OrderDetail, StepTime, Appointment)] == kept


def test_nothing_is_left_for_the_worker_to_read() -> None:
    load(50)
    assert not Order.objects.to_read().exists()


def test_where_people_work_nothing_is_loaded_unless_it_is_meant(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="Nothing was done"):
        call_command("loadorders", "5")
    assert not Order.objects.exists()
    settings.DEBUG = True
    call_command("loadorders", "5", stdout=StringIO())
    assert Order.objects.count() == 5


@pytest.mark.parametrize("count", ["0", "-1"])
def test_less_than_one_is_refused(count: str, settings: Settings) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="at least one order"):
        call_command("loadorders", "--", count)
