"""What people do to lines, without a vendor: the change, its event, and the operations for the vendor."""

import uuid

import pytest

from accounts.models import User
from drafts.actions import NotADraft
from drafts.models import Event, own_reference
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    edit,
    newest_operation,
    only_line,
    open_cart,
    ready_values,
    send,
    site,
    unsent_cart,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_editing_a_line_keeps_what_is_no_value_and_counts_it_as_missing(sales: User) -> None:
    cart = unsent_cart(sales)
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


def test_the_second_site_counts_too(sales: User) -> None:
    cart = unsent_cart(sales)
    line, _changes = line_actions.edit_line(only_line(cart).pk, sales, site(1, city=None), {})
    assert [item.path for item in line.missing()] == ["related_contact_information.1.city"]
    assert newest_operation(cart).kind == "save-line"


def test_a_line_can_be_found_by_what_it_holds(sales: User) -> None:
    cart = unsent_cart(sales)
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


def test_locked_fields_are_ignored(sandbox: SandboxProcess, sales: User) -> None:
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
    assert only_line(unsent_cart(sales)).locked_fields() == frozenset()


@pytest.mark.parametrize("with_site", [True, False])
def test_a_copy_has_neither_reference_nor_quotation_of_its_own(sales: User, with_site: bool) -> None:
    cart = unsent_cart(sales)
    line = edit(only_line(cart), sales, quote_item_id="Q-1", external_id="IS-1", note="Same")
    copy = line_actions.duplicate_line(line.pk, sales, with_site=with_site, key=uuid.uuid4())
    assert copy.draft["note"] == "Same"
    assert "quote_item_id" not in copy.draft
    assert copy.external_id == own_reference(copy.pk)
    assert ("related_contact_information" in copy.draft) is with_site


def test_a_copy_can_go_into_another_draft(sales: User) -> None:
    cart, other = unsent_cart(sales), unsent_cart(sales, lines=0)
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
    cart = unsent_cart(sales)
    line_actions.delete_line(only_line(cart).pk, sales)
    assert not cart.live_lines().exists()
    assert Cart.objects.get().missing_count == 1, "a cart needs a line"


def test_a_line_that_is_gone_upstream_can_not_be_changed(cart: Cart, sales: User) -> None:
    Line.objects.update(gone_at=cart.created_at)
    with pytest.raises(NotADraft):
        edit(only_line(cart), sales, note="x")


def test_settling_where_there_is_no_conflict_changes_nothing(sales: User) -> None:
    line = only_line(unsent_cart(sales))
    line_actions.settle_conflict(line.pk, sales, "note", ours=False)
    assert not Event.objects.filter(verb="conflict-settled").exists()
