"""A confirmation reaches the vendor once, for exactly what was reviewed, whatever becomes of the answers."""

from typing import Any

import pytest

from accounts.models import User
from covage import Covage, Invalid
from covage.problems import field_errors
from outbox import clients, delivery
from outbox.models import Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart
from tests.mishaps import MISHAPS
from tests.sandbox import documents
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    confirm,
    edit,
    elsewhere,
    newest_operation,
    only_line,
    open_cart,
    reviewed,
    run_sync,
    send,
    send_all,
    upstream_sessions,
)
from tests.sessions_app.lost_answers import mishap_at

pytestmark = pytest.mark.django_db


def test_a_confirmation_makes_orders_once(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    cart = confirm(cart, sales)
    assert cart.state == "in_progress"
    assert only_line(cart).state == "in_progress"
    assert sandbox.counters()["confirmations"] == {cart.upstream_id: 1}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_confirmation_whose_answer_is_lost_happens_once(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None, mishap: str
) -> None:
    mishap_at(sandbox, "confirming", mishap)
    cart = confirm(cart, sales)
    assert cart.is_confirming
    cart = send_all(cart)
    assert sandbox.counters()["confirmations"] == {cart.upstream_id: 1}
    assert cart.state == only_line(cart).state == "in_progress"
    assert not cart.is_draft


def test_a_confirmation_of_what_has_since_been_confirmed_elsewhere_counts_as_done(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    elsewhere(sandbox).confirm_session(cart.upstream_id or "")
    sandbox.advance(4 * 3600)
    cart = send(cart)
    assert newest_operation(cart).state == Operation.State.SUCCEEDED
    assert cart.state == "completed"
    assert only_line(cart).state != "created", "its lines are read again as well"
    assert sandbox.counters()["confirmations"] == {cart.upstream_id: 1}


def test_a_refused_confirmation_lands_on_line_and_field_and_the_cart_can_be_changed_again(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales, lines=2)
    bad = cart.lines.order_by("created_at").last()
    assert bad is not None
    said = {"enni": ["Unknown door."], "related_contact_information": [{"siret": ["No."]}]}
    cart = _refuse_confirmation(cart, sales, {"product_order_item": [{}, said]})
    assert cart.is_draft
    bad.refresh_from_db()
    assert {item.path: item.message for item in bad.missing()} == {
        "enni": "Covage refused this value: Unknown door.",
        "related_contact_information.0.siret": "Covage refused this value: No.",
    }
    good = cart.lines.exclude(pk=bad.pk).get()
    assert good.missing() == []
    assert cart.missing_count == 2

    edit(bad, sales, enni="CN012382")
    cart = send(cart)
    bad.refresh_from_db()
    assert [item.path for item in bad.missing()] == ["related_contact_information.0.siret"], (
        "not corrected yet"
    )
    edit(bad, sales, related_contact_information__0__siret="73282932000074")
    cart = confirm(send(cart), sales)
    assert cart.state == "in_progress"


def _refuse_confirmation(cart: Cart, by: User, body: object) -> Cart:
    """Confirm, the vendor answering with this refusal: errors by line, as order taking words them."""
    confirmation_actions.confirm_cart(cart.pk, by, reviewed(cart))
    delivery.deliver(cart.pk, _Refusing(clients.interactive_client(), body))  # type: ignore[arg-type]
    return Cart.objects.get(pk=cart.pk)


class _Refusing:
    """The client, except that a confirmation is refused with this body."""

    def __init__(self, client: Covage, body: object) -> None:
        self._client, self._body = client, body

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def confirm_session(self, _id: str) -> None:
        raise Invalid("Refused.", status=400, errors=field_errors(self._body))


def test_the_vendors_own_refusal_of_a_confirmation_names_the_field(
    sandbox: SandboxProcess, cart: Cart, sales: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sessions_app.lines.readiness.RULES", ())
    edit(only_line(cart), sales, enni=None, related_contact_information__0__city=None)
    send(cart)
    cart = confirm(cart, sales)
    assert cart.is_draft
    assert {refusal["path"] for refusal in only_line(cart).refusals} == {
        "enni",
        "related_contact_information.0.city",
    }
    assert newest_operation(cart).state == Operation.State.REFUSED


@pytest.mark.parametrize("change", ["a field", "a new line", "a line less", "the project"])
def test_what_was_changed_elsewhere_since_the_review_is_not_confirmed(
    sandbox: SandboxProcess, cart: Cart, sales: User, change: str
) -> None:
    other, session, line = elsewhere(sandbox), cart.upstream_id or "", only_line(cart)
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    if change == "a field":
        other.update_line(session, line.upstream_id or "", {"note": "Theirs"})
    elif change == "a new line":
        other.create_line(session, line.draft)
    elif change == "a line less":
        other.delete_line(session, line.upstream_id or "")
    else:
        other.update_session(session, {"project_id": "FLASH"})
    cart = send(cart)
    assert newest_operation(cart).failure == "ChangedSinceReview"
    assert cart.is_draft
    assert sandbox.counters()["confirmations"] == {}


def test_a_confirmation_waits_for_nothing_that_was_refused(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    edit(only_line(cart), sales, note="Not sent yet")
    sandbox.faults([{"fault": "error", "status": 422, "method": "PATCH", "path": "item", "times": 1}])
    cart = confirm(cart, sales)
    assert newest_operation(cart).failure == "NotInStep"
    assert cart.is_draft


def test_a_line_that_was_deleted_here_is_not_ordered_because_the_vendor_still_has_it(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales, lines=2)
    line = cart.lines.earliest("created_at")
    # A 404 though the line is there: the deletion looks as if it had been done before.
    sandbox.faults([{"fault": "error", "status": 404, "method": "DELETE", "times": 1}])
    line_actions.delete_line(line.pk, sales)
    cart = confirm(send(cart), sales)
    assert newest_operation(cart).failure == "NotInStep"
    assert sandbox.counters()["confirmations"] == {}

    cart = confirm(cart, sales)
    assert cart.state == "in_progress"
    assert len(upstream_sessions(sandbox)[0]["lines"]) == 1


def test_confirming_a_session_that_is_gone_says_so(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    cart = send(cart)
    assert newest_operation(cart).failure == "NotFound"
    assert cart.gone_at is not None
    assert not cart.is_confirming


def test_a_cart_taken_from_elsewhere_without_a_reference_can_be_confirmed(
    sandbox: SandboxProcess, sales: User
) -> None:
    other = elsewhere(sandbox)
    session = other.create_session({})["id"]
    other.create_line(session, {**documents.line(), "external_id": ""})
    run_sync()
    cart = cart_actions.take_cart(Cart.objects.get().pk, sales)
    other.update_session(session, {"project_id": "FLASH"})
    run_sync()
    cart = confirm(cart, sales)
    assert cart.state == "in_progress"


def test_the_unknown_outcome_of_a_confirmation_without_a_reference_is_found_by_its_creation_date(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    other = elsewhere(sandbox)
    other.create_line(other.create_session({})["id"], documents.line())
    run_sync()
    cart = cart_actions.take_cart(Cart.objects.get().pk, sales)
    mishap_at(sandbox, "confirming")
    cart = send_all(confirm(cart, sales))
    assert cart.state == "in_progress"
    assert sandbox.counters()["confirmations"] == {cart.upstream_id: 1}
