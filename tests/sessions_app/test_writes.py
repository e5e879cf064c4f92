"""What is owed goes upstream once, in order, whatever becomes of the answers."""

from typing import Any

import pytest
import time_machine

from accounts.models import User
from covage import Covage, Invalid
from covage.problems import field_errors
from outbox import clients, delivery
from outbox.models import Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.mishaps import MISHAPS
from tests.sandbox import documents
from tests.sandbox_process import SandboxProcess, eventually
from tests.sessions_app.cart_factory import (
    confirm,
    edit,
    elsewhere,
    newest_operation,
    only_line,
    open_cart,
    owed,
    ready_values,
    reviewed,
    run_sync,
    send,
    send_all,
    upstream_fields,
    upstream_sessions,
)

pytestmark = pytest.mark.django_db

WRITES = {
    "creating a session": ("POST", "/product_order$"),
    "creating a line": ("POST", "/product_order_item$"),
    "changing a session": ("PATCH", "/product_order/[^/]+/$"),
    "changing a line": ("PATCH", "/product_order_item/"),
    "deleting a line": ("DELETE", "/product_order_item/"),
    "deleting a session": ("DELETE", "/product_order/[^/]+/$"),
    "confirming": ("PATCH", "/confirm/$"),
}


def _mishap(sandbox: SandboxProcess, write: str, name: str = "dropped after") -> None:
    method, path = WRITES[write]
    sandbox.faults([{"method": method, "path": path, "times": 1, **MISHAPS[name]}])


@pytest.fixture
def believed_at_once(settings: Any) -> None:
    """That something is absent upstream is believed without waiting."""
    settings.OUTBOX_SETTLE_SECONDS = 0


def _assert_in_step(cart: Cart) -> None:
    assert owed(cart) == []
    assert not cart.unsent
    assert not cart.conflicts
    for line in cart.live_lines():
        assert line.upstream_id
        assert not line.unsent
        assert not line.conflicts


# Creating


def test_a_new_cart_and_its_line_are_created_under_references_of_our_own(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales, lines=1)
    (session,) = upstream_sessions(sandbox)
    assert session["external_id"] == cart.external_id != ""
    assert session["lines"][0]["fields"]["external_id"] == only_line(cart).external_id != ""
    _assert_in_step(cart)


def test_a_reference_that_someone_gives_is_the_one_that_is_sent(sandbox: SandboxProcess, sales: User) -> None:
    open_cart(sales, external_id="IS-4711", project_id="FLASH")
    (session,) = upstream_sessions(sandbox)
    assert (session["external_id"], session["project_id"]) == ("IS-4711", "FLASH")


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("write", ["creating a session", "creating a line"])
def test_a_creation_whose_answer_is_lost_ends_with_one_session_and_one_line(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, write: str, mishap: str
) -> None:
    _mishap(sandbox, write, mishap)
    cart = open_cart(sales, lines=1)
    assert Operation.objects.get(subject_id=cart.pk, state="unknown")

    cart = send_all(cart)

    (session,) = upstream_sessions(sandbox)
    assert len(session["lines"]) == 1
    assert sandbox.counters()["sessions_created"] == {cart.external_id: 1}
    assert Cart.objects.count() == Line.objects.count() == 1
    _assert_in_step(cart)


def test_a_creation_that_takes_longer_than_we_wait_happens_once(sandbox: SandboxProcess, sales: User) -> None:
    sandbox.faults([{"fault": "hold", "method": "POST"}])
    cart = cart_actions.create_cart(sales, {})
    send(cart, clients.client().with_timeout(1))
    cart = send(cart)
    assert newest_operation(cart).state == Operation.State.UNKNOWN, "its absence is not believed yet"

    sandbox.faults([])
    assert eventually(lambda: bool(sandbox.counters()["sessions_created"]))
    cart = send(cart)

    assert sandbox.counters()["sessions_created"] == {cart.external_id: 1}
    _assert_in_step(cart)


def test_absence_is_believed_only_after_a_while_and_then_it_is_sent_again(
    sandbox: SandboxProcess, sales: User, settings: Any
) -> None:
    _mishap(sandbox, "creating a session", "dropped before")
    cart = send(cart_actions.create_cart(sales, {}))
    for _ in range(3):
        cart = send(cart)
    assert upstream_sessions(sandbox) == []
    posts = sandbox.counters()["requests"]["POST /api/v1/product_order"]
    assert posts == 1

    operation = newest_operation(cart)
    with time_machine.travel(operation.attempted_at, tick=True) as clock:
        clock.shift(settings.OUTBOX_SETTLE_SECONDS + 5)
        cart = send(cart)
    assert sandbox.counters()["sessions_created"] == {cart.external_id: 1}
    _assert_in_step(cart)


def test_a_sync_between_a_lost_answer_and_the_look_after_it_makes_no_second_cart(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    _mishap(sandbox, "creating a session")
    cart = open_cart(sales, lines=1)
    run_sync()
    assert Cart.objects.get().upstream_id is not None
    cart = send_all(Cart.objects.get())
    assert len(upstream_sessions(sandbox)) == 1
    _assert_in_step(cart)


def test_a_sync_between_a_lost_answer_and_the_look_after_it_loses_nothing_of_the_line(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    cart = open_cart(sales)
    _mishap(sandbox, "creating a line")
    values = ready_values(siret_known=True, specific_request="By crane", offer_family="BPEA")
    line_actions.add_line(cart.pk, sales, values=values)
    send(cart)
    run_sync()
    line = only_line(cart)
    assert line.upstream_id
    assert line.draft["offer_family"] == "BPEA"
    assert line.draft["specific_request"] == "By crane"

    cart = send_all(cart)
    assert only_line(cart).draft == line.draft
    assert sandbox.counters()["lines_created"] == {line.external_id: 1}
    _assert_in_step(cart)


def test_a_line_stays_here_until_it_has_what_the_vendor_wants_of_a_draft(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales)
    line = line_actions.add_line(cart.pk, sales, values={"note": "Call first", "product_offering_id": "2173"})
    cart = send(cart)
    assert upstream_sessions(sandbox)[0]["lines"] == []

    edit(line, sales, product_offering_qualification_item_id="d5a4a9aa")
    cart = send(cart)
    assert upstream_fields(sandbox)["note"] == "Call first"
    _assert_in_step(cart)


def test_a_line_added_while_its_cart_was_not_created_yet_follows_it(
    sandbox: SandboxProcess, sales: User
) -> None:
    sandbox.faults(
        [{"fault": "error", "status": 422, "method": "POST", "path": "/product_order$", "times": 1}]
    )
    cart = cart_actions.create_cart(sales, {"project_id": "FLASH"})
    line_actions.add_line(cart.pk, sales, values=ready_values())
    cart = send(cart)
    assert [operation.failure for operation in Operation.objects.order_by("id")] == ["Invalid", "CartMissing"]

    cart_actions.send_again(cart.pk, sales)
    cart = send(cart)
    assert len(upstream_sessions(sandbox)[0]["lines"]) == 1
    _assert_in_step(cart)


def test_a_refusal_lands_on_the_line_and_field_that_it_names_and_goes_with_another_value(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales)
    line = line_actions.add_line(cart.pk, sales, values=ready_values(vlan_reference="many"))
    send(cart)
    line = only_line(cart)
    assert [refusal["path"] for refusal in line.refusals] == ["vlan_reference"]
    assert "vlan_reference" in [item.path for item in line.missing()]
    assert "Covage refused" in next(item.message for item in line.missing() if item.path == "vlan_reference")

    edit(line, sales, vlan_reference=1257)
    cart = send(cart)
    assert only_line(cart).refusals == []
    _assert_in_step(cart)


def test_a_refused_cart_keeps_what_was_typed_and_says_why(sandbox: SandboxProcess, sales: User) -> None:
    cart = open_cart(sales)
    sandbox.faults([{"fault": "error", "status": 422, "method": "PATCH", "times": 1}])
    cart_actions.edit_cart(cart.pk, sales, {"project_id": "FLASH"}, owner=sales, team=None)
    cart = send(cart)
    assert newest_operation(cart).state == Operation.State.REFUSED
    assert cart.draft["project_id"] == "FLASH"
    assert cart.unsent == ["project_id"]


# Changing


def test_only_what_changed_is_sent(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    edit(only_line(cart), sales, note="Second floor")
    cart = send(cart)
    sent = [entry["body"] for entry in sandbox.log() if entry["method"] == "PATCH"]
    assert sent == [{"note": "Second floor"}]
    _assert_in_step(cart)


def test_an_emptied_field_is_emptied_upstream(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    filled = {
        "note": "n",
        "vlan_reference": 12,
        "option_ids": ["7021"],
        "scheduled_delivery_date": "2027-01-05",
    }
    contact = {
        "related_contact_information__0__building_name": "B",
        "related_contact_information__0__latitude": 48.5,
    }
    edit(only_line(cart), sales, **filled, **contact)
    send(cart)
    edit(only_line(cart), sales, **dict.fromkeys(filled | contact))
    cart = send(cart)
    held = upstream_fields(sandbox)
    assert [held[name] for name in filled] == ["", None, [], None]
    assert held["related_contact_information"][0]["building_name"] == ""
    assert held["related_contact_information"][0]["latitude"] is None
    _assert_in_step(cart)


def test_all_site_contacts_can_be_taken_away(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    line = only_line(cart)
    line_actions.edit_line(
        line.pk, sales, dict.fromkeys(line.flat_draft, None) | ready_values() | _no_site(), {}
    )
    cart = send(cart)
    assert upstream_fields(sandbox)["related_contact_information"] == []
    _assert_in_step(cart)


def _no_site() -> dict[str, None]:
    return {path: None for path in ready_values() if path.startswith("related_contact_information")}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_change_whose_answer_is_lost_is_compared_and_made_once_more_only_if_it_failed(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None, mishap: str
) -> None:
    _mishap(sandbox, "changing a line", mishap)
    changes = {"note": "New", "option_ids": ["2210"], "specific_request": "By crane"}
    edit(only_line(cart), sales, **changes, related_contact_information__0__street_number="7")
    cart = send_all(send(cart))
    held = upstream_fields(sandbox)
    assert {name: held[name] for name in changes} == changes
    assert held["related_contact_information"][0]["street_number"] == "7"
    tries = [entry for entry in sandbox.log() if entry["method"] == "PATCH"]
    assert len([entry for entry in tries if entry["processed"]]) == 1
    _assert_in_step(cart)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_change_of_a_cart_whose_answer_is_lost_is_compared_as_well(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None, mishap: str
) -> None:
    _mishap(sandbox, "changing a session", mishap)
    cart_actions.edit_cart(cart.pk, sales, {"project_id": "FLASH"}, owner=sales, team=None)
    cart = send_all(send(cart))
    assert upstream_sessions(sandbox)[0]["project_id"] == "FLASH"
    assert "product_order_item" not in cart.upstream, "lines are rows of their own"
    _assert_in_step(cart)


def test_edits_of_an_outage_are_coalesced_and_sent_in_order_once(
    sandbox: SandboxProcess, sales: User
) -> None:
    sandbox.down()
    cart = cart_actions.create_cart(sales, {})
    line = line_actions.add_line(cart.pk, sales, values=ready_values())
    send(cart)
    for number in range(5):
        edit(line, sales, note=f"Version {number}")
        send(cart)
    assert owed(cart) == ["save-cart", "save-line"]
    assert only_line(cart).draft["note"] == "Version 4"

    sandbox.down(False)
    cart = send(cart)
    assert [(e["method"], e["path"].rpartition("/")[2]) for e in sandbox.log() if e["method"] == "POST"][
        -2:
    ] == [
        ("POST", "product_order"),
        ("POST", "product_order_item"),
    ]
    assert upstream_fields(sandbox)["note"] == "Version 4"
    _assert_in_step(cart)


def test_edits_of_an_outage_of_what_exists_upstream_become_one_change(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    sandbox.down()
    for number in range(3):
        edit(only_line(cart), sales, note=f"Version {number}", vlan_reference=100 + number)
        send(cart)
    sandbox.down(False)
    cart = send(cart)
    sent = [entry["body"] for entry in sandbox.log() if entry["method"] == "PATCH" and entry["processed"]]
    assert sent == [{"note": "Version 2", "vlan_reference": 102}]
    _assert_in_step(cart)


def test_what_was_never_sent_can_be_withdrawn_even_after_a_try_that_reached_nobody(
    sandbox: SandboxProcess, sales: User
) -> None:
    sandbox.stop()
    try:
        cart = send(cart_actions.create_cart(sales, {"project_id": "FLASH"}))
        operation = newest_operation(cart)
        assert (operation.state, operation.failure) == ("waiting", "Unreachable")
        assert cart_actions.withdraw(operation, sales)
    finally:
        sandbox.start()
    cart = send(cart)
    assert upstream_sessions(sandbox) == []
    assert cart.draft["project_id"] == "FLASH"

    cart_actions.send_again(cart.pk, sales)
    _assert_in_step(send(cart))


def test_a_change_elsewhere_just_before_ours_is_taken_along(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    line = only_line(cart)
    elsewhere(sandbox).update_line(
        cart.upstream_id or "", line.upstream_id or "", {"technical_note": "Theirs"}
    )
    edit(line, sales, note="Ours")
    cart = send(cart)
    assert upstream_fields(sandbox)["note"] == "Ours"
    assert only_line(cart).draft["technical_note"] == "Theirs"
    _assert_in_step(cart)


def test_a_change_on_both_sides_is_told_and_not_sent(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    line = only_line(cart)
    elsewhere(sandbox).update_line(cart.upstream_id or "", line.upstream_id or "", {"note": "Theirs"})
    edit(line, sales, note="Ours", technical_note="Sent all the same")
    send(cart)
    line = only_line(cart)
    assert line.conflicts == {"note": {"was": None, "theirs": "Theirs"}}
    assert line.draft["note"] == "Ours"
    held = upstream_fields(sandbox)
    assert (held["note"], held["technical_note"]) == ("Theirs", "Sent all the same")
    assert "note" in [item.path for item in line.missing()]


# What a quotation and the creation fix


def test_what_was_typed_in_a_field_that_got_locked_meanwhile_does_not_block_the_line(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    cart = open_cart(sales)
    _mishap(sandbox, "creating a line")
    values = ready_values(quote_item_id="Q-1", end_customer_name="Martin")
    line = line_actions.add_line(cart.pk, sales, values=values)
    send(cart)
    edit(line, sales, end_customer_name="Durand", offer_family="BPEA", note="Kept")
    cart = send_all(cart)
    held = upstream_fields(sandbox)
    assert (held["end_customer_name"], held["offer_family"], held["note"]) == ("Martin", "BPE", "Kept")
    _assert_in_step(cart)


# Deleting


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("what", ["line", "session"])
def test_a_deletion_whose_answer_is_lost_is_looked_up(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None, what: str, mishap: str
) -> None:
    _mishap(sandbox, f"deleting a {what}", mishap)
    if what == "line":
        line_actions.delete_line(only_line(cart).pk, sales)
    else:
        cart_actions.delete_cart(cart.pk, sales)
    cart = send_all(send(cart))
    assert owed(cart) == []
    assert newest_operation(cart).state == Operation.State.SUCCEEDED
    assert [session["lines"] for session in upstream_sessions(sandbox)] == ([[]] if what == "line" else [])


def test_deleting_what_is_gone_already_is_as_good(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    line = only_line(cart)
    elsewhere(sandbox).delete_line(cart.upstream_id or "", line.upstream_id or "")
    line_actions.delete_line(line.pk, sales)
    cart = send(cart)
    assert newest_operation(cart).state == Operation.State.SUCCEEDED

    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    cart_actions.delete_cart(cart.pk, sales)
    send(cart)
    assert newest_operation(cart).state == Operation.State.SUCCEEDED


def test_a_line_goes_with_its_session_when_both_are_deleted_in_an_unknown_outcome(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None
) -> None:
    _mishap(sandbox, "deleting a line", "dropped before")
    line_actions.delete_line(only_line(cart).pk, sales)
    send(cart)
    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    send_all(cart)
    assert newest_operation(cart).state == Operation.State.SUCCEEDED


def test_a_cart_deleted_before_it_was_sent_is_never_sent(sandbox: SandboxProcess, sales: User) -> None:
    sandbox.down()
    cart = cart_actions.create_cart(sales, {})
    line_actions.add_line(cart.pk, sales, values=ready_values())
    send(cart)
    cart_actions.delete_cart(cart.pk, sales)
    sandbox.down(False)
    send_all(cart)
    assert owed(cart) == []
    assert upstream_sessions(sandbox) == []


def test_a_cart_deleted_while_its_creation_was_in_doubt_is_deleted_upstream(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    _mishap(sandbox, "creating a session")
    cart = send(cart_actions.create_cart(sales, {}))
    cart_actions.delete_cart(cart.pk, sales)
    send_all(cart)
    assert owed(cart) == []
    assert upstream_sessions(sandbox) == []


@pytest.mark.parametrize("what", ["line", "cart"])
def test_what_was_confirmed_elsewhere_can_not_be_deleted_and_comes_back(
    sandbox: SandboxProcess, cart: Cart, sales: User, what: str
) -> None:
    elsewhere(sandbox).confirm_session(cart.upstream_id or "")
    if what == "line":
        line_actions.delete_line(only_line(cart).pk, sales)
    else:
        cart_actions.delete_cart(cart.pk, sales)
    cart = send(cart)
    assert newest_operation(cart).failure == "Conflict"
    assert cart.deleted_at is None
    assert only_line(cart).deleted_at is None


def test_saving_into_a_session_that_is_gone_says_so_and_keeps_the_draft(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    edit(only_line(cart), sales, note="Mine")
    cart_actions.edit_cart(cart.pk, sales, {"project_id": "FLASH"}, owner=sales, team=None)
    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    cart = send(cart)
    assert cart.gone_at is not None
    assert only_line(cart).gone_at is not None
    assert only_line(cart).draft["note"] == "Mine"


# Confirming


def test_a_confirmation_makes_orders_once(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    cart = confirm(cart, sales)
    assert cart.state == "in_progress"
    assert only_line(cart).state == "in_progress"
    assert sandbox.counters()["confirmations"] == {cart.upstream_id: 1}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_confirmation_whose_answer_is_lost_happens_once(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None, mishap: str
) -> None:
    _mishap(sandbox, "confirming", mishap)
    cart = confirm(cart, sales)
    assert cart.is_confirming
    cart = send_all(cart)
    assert sandbox.counters()["confirmations"] == {cart.upstream_id: 1}
    assert cart.state == only_line(cart).state == "in_progress"
    assert not cart.is_draft


def test_a_confirmation_of_what_was_confirmed_elsewhere_meanwhile_counts_as_done(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    elsewhere(sandbox).confirm_session(cart.upstream_id or "")
    sandbox.advance(4 * 3600)
    cart = send(cart)
    assert newest_operation(cart).state == Operation.State.SUCCEEDED
    assert cart.state == "completed"
    assert only_line(cart).state != "created", "its lines are read anew as well"
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
    assert [item.path for item in bad.missing()] == ["related_contact_information.0.siret"], "not mended yet"
    edit(bad, sales, related_contact_information__0__siret="73282932000074")
    cart = confirm(send(cart), sales)
    assert cart.state == "in_progress"


def _refuse_confirmation(cart: Cart, by: User, body: object) -> Cart:
    """Confirm, the vendor answering with this refusal: errors by line, as order taking words them."""
    confirmation_actions.confirm_cart(cart.pk, by, reviewed(cart))
    delivery.deliver(cart.pk, _Refusing(clients.interactive_client(), body))  # type: ignore[arg-type]
    return Cart.objects.get(pk=cart.pk)


class _Refusing:
    """The client, but that a confirmation is answered with a refusal of this body."""

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
    _mishap(sandbox, "confirming")
    cart = send_all(confirm(cart, sales))
    assert cart.state == "in_progress"
    assert sandbox.counters()["confirmations"] == {cart.upstream_id: 1}
