"""A request reaches the vendor once, whatever happens to the answers, and no other is mistaken for it."""

from datetime import date
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from covage import Covage, ServerError
from drafts.models import Event
from outbox import clients
from outbox.models import Operation
from tests import mishaps
from tests.conftest import People
from tests.sandbox_process import SandboxProcess, eventually
from tests.tracking.request_forms import (
    REASONS,
    ask,
    in_a_year,
    made,
    order_at,
    requests_at,
    rows,
    send,
    send_all,
)
from tracking.models import Order, Request
from tracking.requests.actions import NotPossible, pending_on
from tracking.requests.operations import MakeRequest

pytestmark = pytest.mark.django_db

State = Operation.State
POSTING = {"method": "POST", "path": "/order/[^/]+/[a-z]+/$"}
LISTING = {"method": "GET", "path": "/order_request/$"}
MISHAPS = mishaps.MISHAPS | {"closed at once": {"fault": "refuse"}}


@pytest.fixture
def by(people: People) -> User:
    return people.back_office


@pytest.fixture
def order(sandbox: SandboxProcess) -> Order:
    return order_at(sandbox)


@pytest.fixture
def believed_at_once(settings: Settings) -> None:
    """That something is absent upstream is believed without waiting."""
    settings.OUTBOX_SETTLE_SECONDS = 0


def _meets(sandbox: SandboxProcess, fault: dict[str, Any], where: dict[str, Any] = POSTING) -> None:
    sandbox.faults([{**where, "times": 1, **fault}])


def _elsewhere(sandbox: SandboxProcess, order: Order, **changes: Any) -> dict[str, Any]:
    document = {"reason": REASONS[1], "message": "", "request_effective_date": None}
    answer = sandbox.call("POST", f"order/{order.reference}/terminate/", document | changes)
    assert answer.status_code == 201
    raw: dict[str, Any] = answer.json()
    return raw


def _is_due(order: Order) -> bool:
    """Whether the order's pages are to be read again by now."""
    return Order.objects.to_read().filter(pk=order.pk).exists()


def _list_as(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """The vendor lists requests in another way: `change` returns what is listed for a document, or None."""
    pages = Covage.request_pages

    def changed(client: Covage, **filters: Any) -> Any:
        for page in pages(client, **filters):
            yield [shown for raw in page if (shown := change(dict(raw)))]

    monkeypatch.setattr(Covage, "request_pages", changed)


def test_what_was_typed_arrives_and_is_listed_here_with_the_requester(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    operation = send(ask(order, by, message="Fin du bail"))

    assert operation.state == State.SUCCEEDED
    (raw,) = requests_at(sandbox, order)
    assert raw["action"] == "Résiliation"
    assert (raw["reason"], raw["message"]) == (REASONS[0], "Fin du bail")
    assert raw["request_effective_date"] == in_a_year().isoformat()
    (row,) = rows(order)
    assert (row.upstream_id, row.requested_by) == (raw["id"], by)
    assert row.request_effective_date == in_a_year()
    assert made(sandbox) == {order.reference: 1}


def test_the_order_is_read_again_soon_after(sandbox: SandboxProcess, order: Order, by: User) -> None:
    Order.objects.update(due_at=None)
    send(ask(order, by))
    assert _is_due(order)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_request_whose_answer_is_lost_is_made_once(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None, mishap: str
) -> None:
    _meets(sandbox, MISHAPS[mishap])
    operation = send(ask(order, by))
    assert operation.state == State.UNKNOWN

    operation = send_all(operation)

    assert operation.state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}
    assert [row.requested_by for row in rows(order)] == [by]


def test_a_request_that_surely_did_not_arrive_is_sent_again(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    _meets(sandbox, {"fault": "rate_limit", "retry_after": 0.1})
    operation = send(ask(order, by))
    assert operation.state == State.WAITING
    assert send_all(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_request_that_takes_longer_than_we_wait_is_made_once(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    _meets(sandbox, {"fault": "hold"})
    operation = send(ask(order, by), clients.client().with_timeout(1))
    assert operation.state == State.UNKNOWN
    operation = send(operation)
    assert operation.state == State.UNKNOWN, "its absence is not believed yet"

    sandbox.faults([])
    assert eventually(lambda: bool(made(sandbox)))
    assert send(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_request_that_is_processed_only_after_its_absence_was_believed_is_not_made_again(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meets(sandbox, {"fault": "drop_before"})
    operation = send(ask(order, by))
    verify = MakeRequest.verify

    def late(handler: MakeRequest, operation: Operation, client: Covage) -> Any:
        found = verify(handler, operation, client)
        if not made(sandbox):
            document = operation.payload["document"]
            _elsewhere(sandbox, order, **document)
        return found

    monkeypatch.setattr(MakeRequest, "verify", late)
    operation = send_all(operation)

    assert operation.state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}
    assert len(rows(order)) == 1
    assert Event.objects.filter(subject_id=order.uuid, verb="request-made").count() == 1


def test_a_list_that_lags_behind_does_not_lead_to_a_second_request(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _list_as(monkeypatch, lambda raw: None)
    _meets(sandbox, MISHAPS["dropped after"])
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
    _meets(sandbox, MISHAPS["dropped after"])
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
    _meets(sandbox, MISHAPS["dropped after"])
    assert send_all(ask(order, by)).state == State.SUCCEEDED
    assert rows(order)[0].requested_by == by


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
    _meets(sandbox, MISHAPS["dropped before"])
    assert send_all(ask(order, by)).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_termination_elsewhere_before_ours_is_sent_stops_ours(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    operation = ask(order, by)
    _elsewhere(sandbox, order)
    operation = send(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "NotInState")
    assert made(sandbox) == {order.reference: 1}


def test_a_request_elsewhere_that_the_order_does_not_show_yet_stops_ours(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    operation = ask(order, by)
    theirs = _elsewhere(sandbox, order)
    sandbox.control("POST", f"orders/{order.reference}/change", {"state": "active"})
    operation = send(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "AskedElsewhere")
    assert made(sandbox) == {order.reference: 1}
    assert [row.upstream_id for row in rows(order)] == [theirs["id"]], "so that the next review shows it"


def test_with_the_earlier_request_in_sight_another_one_is_sent(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    theirs = _elsewhere(sandbox, order)
    sandbox.control("POST", f"orders/{order.reference}/change", {"state": "active"})
    operation = send(ask(order, by, seen=(theirs["id"],)))
    assert operation.state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 2}


def test_a_termination_elsewhere_while_ours_was_under_way_is_not_mistaken_for_ours(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None
) -> None:
    _meets(sandbox, MISHAPS["dropped before"])
    operation = send(ask(order, by))
    _elsewhere(sandbox, order)
    operation = send(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "MadeOtherwise")
    assert made(sandbox) == {order.reference: 1}
    assert rows(order)[0].requested_by is None


def test_a_conflict_is_a_refusal_when_nothing_of_ours_is_there(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    _meets(sandbox, {"fault": "error", "status": 409})
    operation = send(ask(order, by))
    assert (operation.state, operation.failure) == (State.REFUSED, "Conflict")
    assert made(sandbox) == {}
    assert not pending_on(order).exists()


def test_a_conflict_because_of_an_earlier_try_of_ours_is_a_success(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    _meets(sandbox, {"fault": "error", "status": 409, "after": True})
    operation = send(ask(order, by))
    assert operation.state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_refusal_keeps_the_vendors_words_at_the_field(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    operation = send(ask(order, by, reason="Because", effective=date(2020, 1, 1)))
    assert (operation.state, operation.failure) == (State.REFUSED, "Invalid")
    assert {error["path"] for error in operation.errors} == {"reason", "request_effective_date"}
    assert made(sandbox) == {}


def test_after_a_refusal_it_can_be_requested_again(sandbox: SandboxProcess, order: Order, by: User) -> None:
    send(ask(order, by, reason="Because"))
    assert send(ask(order, by)).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_an_order_that_is_gone_says_so(sandbox: SandboxProcess, order: Order, by: User) -> None:
    operation = ask(order, by)
    sandbox.control("DELETE", f"orders/{order.reference}")
    operation = send(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "NoSuchOrder")
    assert _is_due(order), "the next reading marks it gone"


def test_an_action_that_the_vendor_does_not_know_is_refused_with_their_words(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    _meets(sandbox, {"fault": "error", "status": 404})
    operation = send(ask(order, by))
    assert (operation.state, operation.failure) == (State.REFUSED, "NoSuchOrder")
    assert operation.errors[0]["message"]
    assert made(sandbox) == {}


def test_an_order_that_vanishes_while_the_outcome_is_unknown_is_refused(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None
) -> None:
    _meets(sandbox, MISHAPS["dropped before"])
    operation = send(ask(order, by))
    sandbox.control("DELETE", f"orders/{order.reference}")
    operation = send_all(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "NoSuchOrder")


@pytest.mark.parametrize("status", [403, 404])
def test_without_the_list_of_requests_nothing_is_sent(
    sandbox: SandboxProcess, order: Order, by: User, status: int
) -> None:
    _meets(sandbox, {"fault": "error", "status": status}, LISTING)
    operation = send(ask(order, by))
    assert (operation.state, operation.failure) == (State.WAITING, "Forbidden")
    assert made(sandbox) == {}
    assert send(operation).state == State.SUCCEEDED


def test_the_outcome_stays_unknown_while_the_list_of_requests_is_unavailable(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None
) -> None:
    _meets(sandbox, MISHAPS["dropped after"])
    operation = send(ask(order, by))
    sandbox.faults([{**LISTING, "times": 1, "fault": "error", "status": 404}])
    operation = send(operation)
    assert operation.state == State.UNKNOWN
    assert send(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_worker_killed_while_sending_leaves_what_is_looked_up_first(
    sandbox: SandboxProcess, order: Order, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = ask(order, by)
    with monkeypatch.context() as patch:
        patch.setattr("outbox.delivery.succeed", _die)
        with pytest.raises(KeyboardInterrupt):
            send(operation)
    operation.refresh_from_db()
    assert operation.state == State.SENDING

    assert send(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}
    assert len(rows(order)) == 1


def _die(*arguments: Any) -> None:
    raise KeyboardInterrupt


def test_an_empty_answer_is_a_success_that_the_next_listing_shows(
    sandbox: SandboxProcess, order: Order, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_them = Covage.request_order
    monkeypatch.setattr(Covage, "request_order", lambda *arguments: {} if ask_them(*arguments) else {})
    assert send(ask(order, by)).state == State.SUCCEEDED
    assert rows(order) == []


def test_an_incomplete_answer_is_completed_with_what_was_sent(
    sandbox: SandboxProcess, order: Order, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_them = Covage.request_order
    monkeypatch.setattr(Covage, "request_order", lambda *arguments: {"id": ask_them(*arguments)["id"]})
    send(ask(order, by))
    (row,) = rows(order)
    assert (row.action, row.reason, row.request_effective_date) == ("Résiliation", REASONS[0], in_a_year())


def test_a_change_and_a_cancellation_go_the_same_way(sandbox: SandboxProcess, order: Order, by: User) -> None:
    in_production = order_at(sandbox, "in_progress")
    for on, word, label in ((order, "change", "Modification"), (in_production, "cancel", "Annulation")):
        operation = send(ask(on, by, word, reason="", message="As agreed", effective=None))
        assert operation.state == State.SUCCEEDED
        assert requests_at(sandbox, on)[-1]["action"] == label
    assert made(sandbox) == {order.reference: 1, in_production.reference: 1}


def test_a_fault_of_the_vendors_while_looking_leaves_it_unknown(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meets(sandbox, MISHAPS["dropped after"])
    operation = send(ask(order, by))

    def broken(client: Covage, **filters: Any) -> Any:
        raise ServerError("GET /order_request/: 500")

    with monkeypatch.context() as patch:
        patch.setattr(Covage, "request_pages", broken)
        assert send(operation).state == State.UNKNOWN
    assert send(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_once_accepted_it_can_not_be_requested_again_before_the_order_shows_it(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    send(ask(order, by))
    with pytest.raises(NotPossible, match="few minutes ago"):
        ask(order, by)
    assert Request.objects.count() == 1
