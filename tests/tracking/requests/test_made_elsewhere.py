"""A request is found again among those that the vendor lists, and none that was made elsewhere is mistaken for it."""

from typing import Any

import pytest

from accounts.models import User
from covage import Covage
from outbox.models import Operation
from tests.sandbox_process import SandboxProcess
from tests.tracking.request_forms import REASONS, ask, in_a_year, made, rows, send, send_all
from tests.tracking.requests.operation_helpers import MISHAPS, ask_elsewhere, cause_fault
from tracking.models import Order

pytestmark = pytest.mark.django_db

State = Operation.State


def _list_as(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """The vendor lists requests in another way: `change` returns what is listed for a document, or None."""
    pages = Covage.request_pages

    def changed(client: Covage, **filters: Any) -> Any:
        for page in pages(client, **filters):
            yield [shown for raw in page if (shown := change(dict(raw)))]

    monkeypatch.setattr(Covage, "request_pages", changed)


# Ours


def test_a_list_that_lags_behind_does_not_lead_to_a_second_request(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _list_as(monkeypatch, lambda raw: None)
    cause_fault(sandbox, MISHAPS["dropped after"])
    operation = send_all(ask(order, by))

    assert operation.state == State.SUCCEEDED, "the order's state shows it"
    assert made(sandbox) == {order.reference: 1}


@pytest.mark.parametrize(
    "spelling", ["RESILIATION", "terminate", "Terminate", "résiliation ", "Fin de service"]
)
def test_ours_is_found_whatever_the_list_calls_a_termination(
    sandbox: SandboxProcess,
    order: Order,
    by: User,
    monkeypatch: pytest.MonkeyPatch,
    spelling: str,
) -> None:
    _list_as(monkeypatch, lambda raw: raw | {"action": spelling})
    cause_fault(sandbox, MISHAPS["dropped after"])
    operation = send_all(ask(order, by))
    assert operation.state == State.SUCCEEDED
    assert len(rows(order)) == 1
    assert made(sandbox) == {order.reference: 1}


@pytest.mark.parametrize(
    "change",
    [
        {"message": " FIN  DU BAIL "},
        {"request_effective_date": f"{in_a_year()}T00:00:00+01:00"},
        {"reason": None, "message": None},
        {"order_reference": None},
    ],
    ids=["tidied text", "a moment for a day", "texts that are not raw", "no reference"],
)
def test_ours_is_found_in_the_shape_that_the_vendor_gives_it(
    sandbox: SandboxProcess, order: Order, by: User, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    _list_as(monkeypatch, lambda raw: raw | change)
    cause_fault(sandbox, MISHAPS["dropped after"])
    assert send_all(ask(order, by)).state == State.SUCCEEDED
    assert rows(order)[0].requested_by == by


# Theirs


def test_requests_on_other_orders_and_of_other_kinds_are_not_ours(
    sandbox: SandboxProcess,
    order: Order,
    by: User,
    believed_at_once: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = Covage.request_pages

    def more(client: Covage, **filters: Any) -> Any:
        yield [
            {"id": "1", "order_reference": "CMD_X_ELSE", "action": "Résiliation", "reason": REASONS[0]},
            {"id": "2", "order_reference": order.reference, "action": "Modification"},
            {"order_reference": order.reference, "action": "Résiliation"},
        ]
        yield from pages(client, **filters)

    monkeypatch.setattr(Covage, "request_pages", more)
    cause_fault(sandbox, MISHAPS["dropped before"])
    assert send_all(ask(order, by)).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_termination_elsewhere_before_ours_is_sent_stops_ours(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    operation = ask(order, by)
    ask_elsewhere(sandbox, order)
    operation = send(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "NotInState")
    assert made(sandbox) == {order.reference: 1}


def test_a_request_elsewhere_that_the_order_does_not_show_yet_stops_ours(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    operation = ask(order, by)
    theirs = ask_elsewhere(sandbox, order)
    sandbox.control("POST", f"orders/{order.reference}/change", {"state": "active"})
    operation = send(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "AskedElsewhere")
    assert made(sandbox) == {order.reference: 1}
    assert [row.upstream_id for row in rows(order)] == [theirs["id"]], "so that the next review shows it"


def test_with_the_earlier_request_in_sight_another_one_is_sent(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    theirs = ask_elsewhere(sandbox, order)
    sandbox.control("POST", f"orders/{order.reference}/change", {"state": "active"})
    operation = send(ask(order, by, seen=(theirs["id"],)))
    assert operation.state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 2}


def test_a_termination_elsewhere_while_ours_was_under_way_is_not_mistaken_for_ours(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None
) -> None:
    cause_fault(sandbox, MISHAPS["dropped before"])
    operation = send(ask(order, by))
    ask_elsewhere(sandbox, order)
    operation = send(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "MadeOtherwise")
    assert made(sandbox) == {order.reference: 1}
    assert rows(order)[0].requested_by is None
