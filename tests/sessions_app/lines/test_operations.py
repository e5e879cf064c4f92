"""What a line sends reaches the vendor once, in order, whatever becomes of the answers."""

import pytest

from accounts.models import User
from outbox.models import Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    assert_up_to_date,
    edit,
    elsewhere,
    newest_operation,
    only_line,
    open_cart,
    ready_values,
    run_sync,
    send,
    send_all,
    upstream_fields,
    upstream_sessions,
)
from tests.sessions_app.lost_answers import mishap_at

pytestmark = pytest.mark.django_db


# Creating


def test_a_sync_between_a_lost_answer_and_its_look_up_loses_nothing_of_the_line(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    cart = open_cart(sales)
    mishap_at(sandbox, "creating a line")
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
    assert_up_to_date(cart)


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
    assert_up_to_date(cart)


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
    assert_up_to_date(cart)


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
    assert_up_to_date(cart)


# Changing


def test_only_what_changed_is_sent(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    edit(only_line(cart), sales, note="Second floor")
    cart = send(cart)
    sent = [entry["body"] for entry in sandbox.log() if entry["method"] == "PATCH"]
    assert sent == [{"note": "Second floor"}]
    assert_up_to_date(cart)


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
    upstream = upstream_fields(sandbox)
    assert [upstream[name] for name in filled] == ["", None, [], None]
    assert upstream["related_contact_information"][0]["building_name"] == ""
    assert upstream["related_contact_information"][0]["latitude"] is None
    assert_up_to_date(cart)


def test_all_site_contacts_can_be_removed(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    line = only_line(cart)
    line_actions.edit_line(
        line.pk, sales, dict.fromkeys(line.flat_draft, None) | ready_values() | _no_site(), {}
    )
    cart = send(cart)
    assert upstream_fields(sandbox)["related_contact_information"] == []
    assert_up_to_date(cart)


def _no_site() -> dict[str, None]:
    return {path: None for path in ready_values() if path.startswith("related_contact_information")}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_change_whose_answer_is_lost_is_compared_and_made_once_more_only_if_it_failed(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None, mishap: str
) -> None:
    mishap_at(sandbox, "changing a line", mishap)
    changes = {"note": "New", "option_ids": ["2210"], "specific_request": "By crane"}
    edit(only_line(cart), sales, **changes, related_contact_information__0__street_number="7")
    cart = send_all(send(cart))
    upstream = upstream_fields(sandbox)
    assert {name: upstream[name] for name in changes} == changes
    assert upstream["related_contact_information"][0]["street_number"] == "7"
    tries = [entry for entry in sandbox.log() if entry["method"] == "PATCH"]
    assert len([entry for entry in tries if entry["processed"]]) == 1
    assert_up_to_date(cart)


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
    assert_up_to_date(cart)


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
    assert_up_to_date(cart)


def test_a_change_on_both_sides_is_a_conflict_and_not_sent(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    line = only_line(cart)
    elsewhere(sandbox).update_line(cart.upstream_id or "", line.upstream_id or "", {"note": "Theirs"})
    edit(line, sales, note="Ours", technical_note="Sent all the same")
    send(cart)
    line = only_line(cart)
    assert line.conflicts == {"note": {"was": None, "theirs": "Theirs"}}
    assert line.draft["note"] == "Ours"
    upstream = upstream_fields(sandbox)
    assert (upstream["note"], upstream["technical_note"]) == ("Theirs", "Sent all the same")
    assert "note" in [item.path for item in line.missing()]


def test_what_was_typed_in_a_field_that_has_since_been_locked_does_not_block_the_line(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    cart = open_cart(sales)
    mishap_at(sandbox, "creating a line")
    values = ready_values(quote_item_id="Q-1", end_customer_name="Martin")
    line = line_actions.add_line(cart.pk, sales, values=values)
    send(cart)
    edit(line, sales, end_customer_name="Durand", offer_family="BPEA", note="Kept")
    cart = send_all(cart)
    upstream = upstream_fields(sandbox)
    assert (upstream["end_customer_name"], upstream["offer_family"], upstream["note"]) == (
        "Martin",
        "BPE",
        "Kept",
    )
    assert_up_to_date(cart)


# Deleting


def test_a_line_goes_with_its_session_when_both_are_deleted_in_an_unknown_outcome(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None
) -> None:
    mishap_at(sandbox, "deleting a line", "dropped before")
    line_actions.delete_line(only_line(cart).pk, sales)
    send(cart)
    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    send_all(cart)
    assert newest_operation(cart).state == Operation.State.SUCCEEDED


# Deleting


def test_a_change_of_a_line_that_was_deleted_before_it_was_sent_is_not_sent(
    sandbox: SandboxProcess, sales: User, cart: Cart
) -> None:
    line = edit(only_line(cart), sales, note="Never sent")
    line_actions.delete_line(line.pk, sales)
    send_all(cart)
    assert upstream_sessions(sandbox)[0]["lines"] == []
    assert not Operation.objects.filter(subject_id=cart.pk).unfinished().exists()
    assert Operation.objects.filter(kind="save-line").latest("id").sent is None
