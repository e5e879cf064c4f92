"""Put invented orders into the database as the sync would: what is computed from them is real."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from demo.invented import InventedOrder, invented_orders
from sync.upsert import upsert
from tracking import leadtimes
from tracking.ingest import mapping
from tracking.models import Appointment, Order, OrderDetail, StepTime
from tracking.orders import history, statistics

BATCH = 2000  # orders in a transaction
# Recently completed orders have histories, and one in this many of the others.
LATELY = timedelta(days=30)
ONE_IN = 40
GONE_ONE_IN = 2000


def load(count: int, seed: int = 1, report: Callable[[int], None] = lambda loaded: None) -> None:
    """Store `count` invented orders, again if they are there; then compute what the sync would.

    `report` is called with how many there are after each batch.
    """
    now = timezone.now()
    orders, loaded = enumerate(invented_orders(count, seed, now)), 0
    while batch := list(islice(orders, BATCH)):
        _store(batch, now)
        loaded += len(batch)
        report(loaded)
    statistics.count_orders()
    leadtimes.roll_up(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def _store(batch: Iterable[tuple[int, InventedOrder]], now: datetime) -> None:
    numbered = {invented.listed["order_reference"]: (number, invented) for number, invented in batch}
    rows = [_row(number, invented, now) for number, invented in numbered.values()]
    upsert(Order, rows, "reference")
    pks = dict(Order.objects.filter(reference__in=numbered).values_list("reference", "pk"))
    for order in rows:
        order.pk = pks[order.reference]
    for model in (OrderDetail, StepTime, Appointment):
        model.objects.filter(order__in=pks.values()).delete()
    read = [(order, *numbered[order.reference]) for order in rows if order.read_at]
    OrderDetail.objects.bulk_create(
        OrderDetail(order=order, detail=one.detail, history=one.history) for order, _number, one in read
    )
    kept = [(order, one) for order, number, one in read if _has_history(order, number, now)]
    StepTime.objects.bulk_create(time for order, one in kept for time in _step_times(order, one))
    Appointment.objects.bulk_create(visit for order, one in kept for visit in _appointments(order, one, now))


def _row(number: int, invented: InventedOrder, now: datetime) -> Order:
    order = Order()
    mapping.apply_listed(order, invented.listed, now)
    if order.due_at or number % ONE_IN == 0:
        mapping.apply_detail(order, invented.detail)
        order.read_at = now
    if order.in_production and (current := history.current(history.entries(invented.history))):
        order.step, order.step_since = current.state, current.at
    # There is no vendor to read them from.
    order.due_at = None
    if number % GONE_ONE_IN == 7:
        order.gone_at, order.due_on = now, None
    return order


def _has_history(order: Order, number: int, now: datetime) -> bool:
    if order.in_production or number % ONE_IN == 0:
        return True
    return order.completion_date is not None and order.completion_date >= (now - LATELY).date()


def _step_times(order: Order, invented: InventedOrder) -> Iterator[StepTime]:
    for one in history.passed(history.entries(invented.history)):
        yield StepTime(order=order, technology=order.offer_technology, days=one.days, **one._asdict())


def _appointments(order: Order, invented: InventedOrder, now: datetime) -> Iterator[Appointment]:
    for one in history.planned(history.entries(invented.history), now):
        is_done = one.is_done or not order.in_production
        yield Appointment(order=order, **one._asdict() | {"is_done": is_done})
