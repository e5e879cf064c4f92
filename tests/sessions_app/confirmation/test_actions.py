"""Confirming a cart and carrying its rejected lines over: what is confirmed, how often, and what is refused."""

import threading

import pytest
from django.db import connection

from accounts.models import User
from drafts.actions import NotADraft, NotReady, ReviewedOtherwise
from drafts.readiness import Missing
from sessions_app import ingest
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    confirm,
    edit,
    only_line,
    open_cart,
    pending,
    ready_values,
    reviewed,
    run_sync,
    send,
    unsent_cart,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_confirming_twice_enqueues_one_confirmation(sales: User) -> None:
    cart = unsent_cart(sales)
    mark = reviewed(cart)
    first, second = (confirmation_actions.confirm_cart(cart.pk, sales, mark) for _ in range(2))
    assert first.confirming_since == second.confirming_since is not None
    assert pending(cart) == ["save-cart", "save-line", "confirm-cart"]
    assert first.is_confirming
    assert not first.is_draft


@pytest.mark.django_db(transaction=True)
def test_confirming_at_the_same_moment_from_two_places_enqueues_one_confirmation(people: People) -> None:
    cart = unsent_cart(people.sales)
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
    assert pending(cart).count("confirm-cart") == 1


def test_what_was_not_reviewed_is_not_confirmed(sales: User) -> None:
    cart = unsent_cart(sales)
    mark = reviewed(cart)
    edit(only_line(cart), sales, note="After the review")
    with pytest.raises(ReviewedOtherwise):
        confirmation_actions.confirm_cart(cart.pk, sales, mark)
    with pytest.raises(ReviewedOtherwise):
        confirmation_actions.confirm_cart(cart.pk, sales, "")


def test_an_empty_cart_and_one_that_lacks_something_are_not_confirmed(sales: User) -> None:
    cart = unsent_cart(sales, lines=0)
    with pytest.raises(NotReady):
        confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    line_actions.add_line(cart.pk, sales, values=ready_values(enni=None))
    with pytest.raises(NotReady):
        confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))


def test_a_deleted_cart_is_not_confirmed(sales: User) -> None:
    cart = unsent_cart(sales)
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


def test_rejected_lines_are_carried_over_once_into_a_new_cart_with_the_reasons_at_their_fields(
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
    assert all(line.upstream_id for line in lines), "they are at the vendor, as drafts"
    with pytest.raises(NotReady):
        confirmation_actions.confirm_cart(again.pk, sales, reviewed(again))

    edit(lines[0], sales, product_offering_qualification_item_id="another-study")
    edit(lines[1], sales, enni="CN012345")
    assert send(again).missing_count == 0


def test_rejected_lines_can_be_carried_over_again_once_their_new_cart_is_deleted_at_the_vendor(
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
    assert confirmation_actions.reorder_rejected(unsent_cart(sales).pk, sales) is None


@pytest.mark.parametrize(
    ("property_path", "path"),
    [
        ("enni", "enni"),
        ("enni_2", "enni2"),
        ("cpe_networking_number", "cpe_network_number"),
        ("related_contact_information[0].siret", "related_contact_information.0.siret"),
        ("something_else", ""),
        ("", ""),
    ],
)
def test_why_a_line_was_rejected_is_given_at_our_field_however_the_vendor_spells_it(
    property_path: str, path: str
) -> None:
    line = Line(upstream={"termination_error": [{"code": "X", "property_path": property_path, "value": "v"}]})
    assert confirmation_actions.rejections(line) == [{"path": path, "code": "X", "message": "", "value": "v"}]


@pytest.mark.parametrize("junk", [None, [], "no list", ["no object"], {"code": "X"}])
def test_rejections_that_make_no_sense_do_no_harm(junk: object) -> None:
    for reason in confirmation_actions.rejections(Line(upstream={"termination_error": junk})):
        assert reason["path"] == ""
    assert isinstance(Line(upstream={"termination_error": junk}).missing()[0], Missing)
