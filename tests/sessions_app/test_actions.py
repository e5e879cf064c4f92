"""What people do to carts and lines, without a vendor: the change, its event, and what is owed."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from drafts.actions import NotADraft, NotReady, ReviewedOtherwise
from drafts.models import Event
from outbox.models import Operation
from sessions_app import ingest
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.lines.readiness import Missing
from sessions_app.models import Cart, Line, own_reference
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    confirm,
    edit,
    newest_operation,
    only_line,
    open_cart,
    owed,
    ready_values,
    reviewed,
    run_sync,
    send,
    site,
)

pytestmark = pytest.mark.django_db


def _cart(by: User, lines: int = 1, **values: Any) -> Cart:
    """A cart of which nothing has been sent."""
    cart = cart_actions.create_cart(by, values)
    for _ in range(lines):
        line_actions.add_line(cart.pk, by, values=ready_values())
    return Cart.objects.get(pk=cart.pk)


def _verbs(cart: Cart) -> list[str]:
    return list(Event.objects.filter(subject_id=cart.pk).order_by("id").values_list("verb", flat=True))


# Opening and changing a cart


def test_a_new_cart_is_stored_told_and_owed(sales: User) -> None:
    cart = _cart(sales, lines=0, project_id="FLASH")
    assert (cart.owner, cart.project_id, cart.missing_count) == (sales, "FLASH", 1)
    assert cart.external_id == own_reference(cart.pk)
    assert (_verbs(cart), owed(cart)) == (["created"], ["save-cart"])


def test_the_same_key_makes_one_cart_one_line_and_one_copy(sales: User) -> None:
    key, line_key, copy_key = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        cart = cart_actions.create_cart(sales, {"project_id": "FLASH"}, key=key)
        line = line_actions.add_line(cart.pk, sales, key=line_key, values=ready_values())
        line_actions.duplicate_line(line.pk, sales, with_site=True, key=copy_key)
    assert set(cart.lines.values_list("pk", flat=True)) == {line_key, copy_key}
    assert Cart.objects.get().pk == key
    assert _verbs(cart) == ["created", "line-added", "line-duplicated"]


def test_changing_a_cart_is_told_and_owed_and_changing_nothing_is_neither(people: People) -> None:
    cart = _cart(people.sales)
    Operation.objects.all().delete()
    same = {"external_id": cart.external_id, "project_id": ""}
    cart_actions.edit_cart(cart.pk, people.sales, same, owner=people.sales, team=None)
    assert owed(cart) == []

    cart_actions.edit_cart(
        cart.pk, people.sales, {"project_id": "FLASH"}, owner=people.sales, team=people.north
    )
    assert owed(cart) == ["save-cart"]
    told = Event.objects.latest("id")
    assert told.changes == {"project_id": [None, "FLASH"], "team": ["", "North"]}


def test_a_cart_never_stays_without_a_reference(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    cart_actions.edit_cart(cart.pk, sales, {"external_id": "IS-1"}, owner=sales, team=None)
    assert cart_actions.edit_cart(
        cart.pk, sales, {"external_id": ""}, owner=sales, team=None
    ).external_id == (own_reference(cart.pk))


def test_owner_and_team_can_change_when_the_rest_can_not(cart: Cart, people: People) -> None:
    cart = confirm(cart, people.sales)
    cart_actions.edit_cart(cart.pk, people.sales, {}, owner=people.other_sales, team=None)
    cart.refresh_from_db()
    assert cart.owner == people.other_sales
    with pytest.raises(NotADraft):
        cart_actions.edit_cart(cart.pk, people.sales, {"project_id": "X"}, owner=people.sales, team=None)


def test_a_cart_is_taken_by_the_first_who_wants_it(people: People) -> None:
    cart = _cart(people.sales)
    Cart.objects.update(owner=None)
    assert cart_actions.take_cart(cart.pk, people.other_sales).owner == people.other_sales
    assert cart_actions.take_cart(cart.pk, people.sales).owner == people.other_sales
    assert _verbs(cart).count("taken") == 1


# Lines


def test_editing_a_line_keeps_what_is_no_value_and_counts_it_as_missing(sales: User) -> None:
    cart = _cart(sales)
    line, changes = line_actions.edit_line(
        only_line(cart).pk, sales, {"note": "New"}, {"vlan_reference": "many"}
    )
    assert changes == {"note": [None, "New"]}
    assert line.typed == {"vlan_reference": "many"}
    assert "vlan_reference" not in line.draft
    assert (line.missing_count, Cart.objects.get().missing_count) == (1, 1)
    edit(line, sales, vlan_reference=12)
    assert only_line(cart).typed == {}
    assert Cart.objects.get().missing_count == 0


def test_a_line_can_be_found_by_what_it_holds(sales: User) -> None:
    cart = _cart(sales)
    edit(only_line(cart), sales, end_customer_name="Boulangerie Martin", note="Second FLOOR, pâtisserie")
    for text in (
        "boulangerie",
        "martin floor",
        "76130",
        "mont-saint",
        "Patisserie",
        only_line(cart).external_id.lower(),
    ):
        assert Line.objects.containing(text).exists(), text
    assert not Line.objects.containing("martin cellar").exists()


def test_locked_fields_are_left_aside(sandbox: SandboxProcess, sales: User) -> None:
    cart = open_cart(sales)
    line = line_actions.add_line(
        cart.pk, sales, values=ready_values(quote_item_id="Q-1", end_customer_name="Martin")
    )
    send(cart)
    line = only_line(cart)
    assert line.is_quoted
    assert line.locked_fields() == {
        "end_customer_name",
        "product_offering_id",
        "product_offering_qualification_item_id",
        "customer_order_name",
        "business_code",
        "offer_family",
        "offer_technology",
    }
    line, changes = line_actions.edit_line(line.pk, sales, {"end_customer_name": "Durand", "note": "New"}, {})
    assert changes == {"note": [None, "New"]}
    assert line.draft["end_customer_name"] == "Martin"


def test_only_the_creation_fixes_two_fields_of_a_line_without_a_quotation(cart: Cart) -> None:
    assert only_line(cart).locked_fields() == {"offer_family", "offer_technology"}


def test_a_line_that_is_not_upstream_yet_has_no_locked_fields(sales: User) -> None:
    assert only_line(_cart(sales)).locked_fields() == frozenset()


@pytest.mark.parametrize("with_site", [True, False])
def test_a_copy_has_neither_reference_nor_quotation_of_its_own(sales: User, with_site: bool) -> None:
    cart = _cart(sales)
    line = edit(only_line(cart), sales, quote_item_id="Q-1", external_id="IS-1", note="Same")
    copy = line_actions.duplicate_line(line.pk, sales, with_site=with_site, key=uuid.uuid4())
    assert copy.draft["note"] == "Same"
    assert "quote_item_id" not in copy.draft
    assert copy.external_id == own_reference(copy.pk)
    assert ("related_contact_information" in copy.draft) is with_site


def test_a_copy_can_go_into_another_draft(sales: User) -> None:
    cart, other = _cart(sales), _cart(sales, lines=0)
    copy = line_actions.duplicate_line(
        only_line(cart).pk, sales, with_site=True, into=other, key=uuid.uuid4()
    )
    assert copy.cart == other
    assert Cart.objects.get(pk=other.pk).missing_count == 0


def test_a_copy_of_a_dia_line_leaves_the_enni_that_was_worked_out_behind(cart: Cart, sales: User) -> None:
    line = only_line(cart)
    Line.objects.filter(pk=line.pk).update(draft=line.draft | {"offer_family": "DIA", "enni": "CN912345"})
    copy = line_actions.duplicate_line(line.pk, sales, with_site=True, key=uuid.uuid4())
    assert copy.missing() == []


def test_deleting_a_line_takes_it_out_at_once(sales: User) -> None:
    cart = _cart(sales)
    line_actions.delete_line(only_line(cart).pk, sales)
    assert not cart.live_lines().exists()
    assert Cart.objects.get().missing_count == 1, "a cart needs a line"


def test_what_is_no_draft_any_more_can_not_be_changed(cart: Cart, sales: User) -> None:
    line = only_line(cart)
    confirm(cart, sales)
    for change in (
        lambda: edit(line, sales, note="x"),
        lambda: line_actions.delete_line(line.pk, sales),
        lambda: cart_actions.delete_cart(cart.pk, sales),
        lambda: line_actions.add_line(cart.pk, sales),
        lambda: line_actions.duplicate_line(line.pk, sales, with_site=True, key=uuid.uuid4()),
        lambda: line_actions.settle_conflict(line.pk, sales, "note", ours=True),
        lambda: cart_actions.settle_cart_conflict(cart.pk, sales, "project_id", ours=True),
        lambda: cart_actions.send_again(cart.pk, sales),
    ):
        with pytest.raises(NotADraft):
            change()


def test_a_line_that_is_gone_upstream_can_not_be_changed(cart: Cart, sales: User) -> None:
    Line.objects.update(gone_at=cart.created_at)
    with pytest.raises(NotADraft):
        edit(only_line(cart), sales, note="x")


def test_settling_where_there_is_no_conflict_changes_nothing(sales: User) -> None:
    line = only_line(_cart(sales))
    line_actions.settle_conflict(line.pk, sales, "note", ours=False)
    assert not Event.objects.filter(verb="conflict-settled").exists()


def test_deleting_a_cart_withdraws_what_waits(sales: User) -> None:
    cart = _cart(sales)
    cart_actions.delete_cart(cart.pk, sales)
    assert owed(cart) == ["delete-cart"]
    assert not Cart.objects.live().exists()


# Confirming


def test_confirming_twice_owes_one_confirmation(sales: User) -> None:
    cart = _cart(sales)
    mark = reviewed(cart)
    first, second = (confirmation_actions.confirm_cart(cart.pk, sales, mark) for _ in range(2))
    assert first.confirming_since == second.confirming_since is not None
    assert owed(cart) == ["save-cart", "save-line", "confirm-cart"]
    assert first.is_confirming
    assert not first.is_draft


def test_what_was_not_reviewed_is_not_confirmed(sales: User) -> None:
    cart = _cart(sales)
    mark = reviewed(cart)
    edit(only_line(cart), sales, note="After the review")
    with pytest.raises(ReviewedOtherwise):
        confirmation_actions.confirm_cart(cart.pk, sales, mark)
    with pytest.raises(ReviewedOtherwise):
        confirmation_actions.confirm_cart(cart.pk, sales, "")


def test_an_empty_cart_and_one_that_lacks_something_are_not_confirmed(sales: User) -> None:
    cart = _cart(sales, lines=0)
    with pytest.raises(NotReady):
        confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    line_actions.add_line(cart.pk, sales, values=ready_values(enni=None))
    with pytest.raises(NotReady):
        confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))


def test_a_deleted_cart_is_not_confirmed(sales: User) -> None:
    cart = _cart(sales)
    mark = reviewed(cart)
    cart_actions.delete_cart(cart.pk, sales)
    with pytest.raises(NotADraft):
        confirmation_actions.confirm_cart(cart.pk, sales, mark)


def test_what_the_vendor_fills_in_as_no_is_not_another_content(cart: Cart, sales: User) -> None:
    mark = reviewed(cart)
    assert cart.seen_at is not None
    ingest.ingest_line_details(
        [{"id": only_line(cart).upstream_id, "siret_known": False}], only_line(cart).seen_at
    )  # type: ignore[arg-type]
    assert only_line(cart).draft["siret_known"] is False
    assert reviewed(cart) == mark


@pytest.mark.django_db(transaction=True)
def test_confirming_at_the_same_moment_from_two_places_owes_one_confirmation(people: People) -> None:
    cart = _cart(people.sales)
    mark, start = reviewed(cart), threading.Barrier(4)

    def press() -> None:
        try:
            start.wait(timeout=10)
            confirmation_actions.confirm_cart(cart.pk, people.sales, mark)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert owed(cart).count("confirm-cart") == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_new_cart_sent_twice_at_the_same_moment_is_one_cart(people: People) -> None:
    key, made, start = uuid.uuid4(), list[uuid.UUID](), threading.Barrier(4)

    def press() -> None:
        try:
            start.wait(timeout=10)
            made.append(cart_actions.create_cart(people.sales, {}, key=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert made == [key] * 4
    assert Operation.objects.count() == 1


# Withdrawing and sending again


@pytest.mark.parametrize("kind", ["save-cart", "delete-cart", "confirm-cart", "delete-line"])
def test_withdrawing_what_was_not_sent_puts_things_back(sales: User, kind: str) -> None:
    cart = _cart(sales)
    if kind == "delete-cart":
        cart_actions.delete_cart(cart.pk, sales)
    elif kind == "confirm-cart":
        confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    elif kind == "delete-line":
        line_actions.delete_line(only_line(cart).pk, sales)
    operation = Operation.objects.get(subject_id=cart.pk, kind=kind, state="waiting")
    assert cart_actions.withdraw(operation, sales)
    cart = Cart.objects.get()
    assert cart.is_draft
    assert only_line(cart).deleted_at is None
    assert cart.missing_count == 0
    assert _verbs(cart)[-1] == "withdrawn"
    assert not cart_actions.withdraw(operation, sales), "it can be withdrawn once"


def test_after_a_withdrawal_all_can_be_sent_again(sales: User) -> None:
    cart = _cart(sales)
    for operation in Operation.objects.order_by("id"):
        assert cart_actions.withdraw(operation, sales)
    assert owed(cart) == []
    cart_actions.send_again(cart.pk, sales)
    assert owed(cart) == ["save-cart", "save-line"]


# Rejections


def _rejected(sandbox: SandboxProcess, sales: User) -> Cart:
    """A confirmed cart with a line that was made, one rejected for its feasibility, and one for its ENNI."""
    cart = open_cart(sales, lines=1)
    line_actions.add_line(cart.pk, sales, values=ready_values(technical_note="REJECT"))
    line_actions.add_line(cart.pk, sales, values=ready_values(enni="CN000001"))
    cart = confirm(send(cart), sales)
    sandbox.advance(5 * 3600)
    run_sync()
    return Cart.objects.get()


def test_rejected_lines_are_taken_once_into_a_new_cart_with_what_was_said_at_their_fields(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = _rejected(sandbox, sales)
    assert cart.state == "partial"
    again = confirmation_actions.reorder_rejected(cart.pk, sales)
    assert again is not None
    assert confirmation_actions.reorder_rejected(cart.pk, sales) is None

    send(again)
    lines = list(again.lines.order_by("created_at"))
    assert [line.reorder_of for line in lines] == list(cart.lines.rejected().order_by("created_at"))
    said = {item.path: item.message for line in lines for item in line.missing()}
    assert said == {
        "product_offering_qualification_item_id": (
            "Covage refused “d5a4a9aa-ba2c-4f53-95c7-0c1ce6f6e7fa”: feasibility"
        ),
        "enni": "Covage refused “CN000001”: this ENNI is unknown",
    }
    assert all(line.upstream_id for line in lines), "they are at the vendor's, as drafts"
    with pytest.raises(NotReady):
        confirmation_actions.confirm_cart(again.pk, sales, reviewed(again))

    edit(lines[0], sales, product_offering_qualification_item_id="another-study")
    edit(lines[1], sales, enni="CN012345")
    assert send(again).missing_count == 0


def test_rejected_lines_can_be_taken_again_once_the_cart_that_took_them_is_deleted_at_the_vendors(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = _rejected(sandbox, sales)
    again = confirmation_actions.reorder_rejected(cart.pk, sales)
    assert again is not None
    send(again)
    cart_actions.delete_cart(again.pk, sales)
    assert confirmation_actions.reorder_rejected(cart.pk, sales) is None, "the vendor has it still"
    send(again)
    assert confirmation_actions.reorder_rejected(cart.pk, sales) is not None
    assert confirmation_actions.reorder_rejected(cart.pk, sales) is None


def test_a_cart_without_rejected_lines_has_nothing_to_reorder(sales: User) -> None:
    assert confirmation_actions.reorder_rejected(_cart(sales).pk, sales) is None


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ("enni", "enni"),
        ("enni_2", "enni2"),
        ("cpe_networking_number", "cpe_network_number"),
        ("related_contact_information[0].siret", "related_contact_information.0.siret"),
        ("something_else", ""),
        ("", ""),
    ],
)
def test_why_a_line_was_rejected_stands_at_our_field_however_the_vendor_spells_it(
    told: str, path: str
) -> None:
    line = Line(upstream={"termination_error": [{"code": "X", "property_path": told, "value": "v"}]})
    assert confirmation_actions.rejections(line) == [{"path": path, "code": "X", "message": "", "value": "v"}]


@pytest.mark.parametrize("junk", [None, [], "no list", ["no object"], {"code": "X"}])
def test_rejections_that_make_no_sense_do_no_harm(junk: object) -> None:
    for told in confirmation_actions.rejections(Line(upstream={"termination_error": junk})):
        assert told["path"] == ""
    assert isinstance(Line(upstream={"termination_error": junk}).missing()[0], Missing)


def test_the_second_site_counts_too(sales: User) -> None:
    cart = _cart(sales)
    line, _changes = line_actions.edit_line(only_line(cart).pk, sales, site(1, city=None), {})
    assert [item.path for item in line.missing()] == ["related_contact_information.1.city"]
    assert newest_operation(cart).kind == "save-line"
