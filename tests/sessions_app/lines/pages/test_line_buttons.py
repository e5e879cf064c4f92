"""What else is done to a line: duplicate it, delete it, settle a change made on both sides."""

import uuid

import pytest
from django.test import Client

from accounts.models import User
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sessions_app.cart_factory import edit, reviewed
from tests.sessions_app.page_helpers import again, draft, item, known, ready_line, shown, text_of, url


def payload(into: Cart, **changes: str) -> dict[str, str]:
    return {"key": str(uuid.uuid4()), "site": "with", "cart": str(into.pk)} | changes


# Duplicate


def test_it_asks_what_to_copy_and_where_to(cart: Cart, line: Line, sales: User, sales_client: Client) -> None:
    other = draft(sales, external_id="OTHER")
    page = text_of(sales_client.get(url("line-duplicate", line.pk)))
    assert f'<option value="{cart.pk}" selected>' in page
    assert f'<option value="{other.pk}" >' in page


@pytest.mark.parametrize(("site", "sites"), [("with", 1), ("without", 0), ("", 0), ("\0", 0)])
def test_a_copy_goes_into_the_chosen_cart_with_or_without_its_site(
    line: Line, sales: User, sales_client: Client, site: str, sites: int
) -> None:
    other = draft(sales)
    response = sales_client.post(url("line-duplicate", line.pk), payload(other, site=site))
    copy = Line.objects.get(cart=other)
    assert response.headers["Location"] == url("line", copy.pk)
    assert copy.draft["enni"] == line.draft["enni"]
    assert len(copy.draft.get("related_contact_information", [])) == sites
    assert copy.external_id != line.external_id


def test_the_same_form_sent_twice_makes_one_copy(cart: Cart, line: Line, sales_client: Client) -> None:
    form = payload(cart)
    first, second = (sales_client.post(url("line-duplicate", line.pk), form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Line.objects.count() == 2


def test_the_form_gone_back_to_makes_another_copy_in_another_cart(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    other, form = draft(sales), payload(cart)
    for into in (cart, other):
        response = sales_client.post(url("line-duplicate", line.pk), form | {"cart": str(into.pk)})
        assert response.status_code == 302
    assert (cart.lines.count(), other.lines.count()) == (2, 1)


@pytest.mark.parametrize("into", ["", "none", "\0", "x" * 100_000, str(uuid.UUID(int=7))])
def test_a_cart_that_is_none_accepts_no_copy(cart: Cart, line: Line, sales_client: Client, into: str) -> None:
    assert sales_client.post(url("line-duplicate", line.pk), payload(cart, cart=into)).status_code == 404
    assert Line.objects.count() == 1


def test_somebody_elses_cart_accepts_no_copy(people: People, line: Line, sales_client: Client) -> None:
    theirs = draft(people.other_sales)
    assert sales_client.post(url("line-duplicate", line.pk), payload(theirs)).status_code == 404


def test_a_cart_confirmed_in_the_meantime_accepts_no_copy(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    response = sales_client.post(url("line-duplicate", line.pk), payload(cart))
    assert response.headers["Location"] == url("cart", cart.pk)
    assert Line.objects.count() == 1


def test_without_a_draft_one_is_opened_first(cart: Cart, line: Line, sales_client: Client) -> None:
    shown(cart, items=[item(line, state="acknowledged")], state="completed")
    page = text_of(sales_client.get(url("line-duplicate", line.pk)))
    assert "A copy needs a draft cart" in page
    assert url("cart-new") in page


def test_its_own_cart_is_offered_however_many_drafts_there_are(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    Cart.objects.bulk_create(Cart(owner=sales) for _ in range(60))
    page = text_of(sales_client.get(url("line-duplicate", line.pk)))
    assert f'<option value="{cart.pk}" selected>' in page


# Delete


def test_it_asks_before_it_deletes(line: Line, sales_client: Client) -> None:
    assert "Delete the line" in text_of(sales_client.get(url("line-delete", line.pk)))
    assert Line.objects.live().exists()


def test_it_deletes_leads_to_the_cart_and_says_so_even_when_pressed_twice(
    cart: Cart, line: Line, sales_client: Client
) -> None:
    for _ in range(2):
        assert sales_client.post(url("line-delete", line.pk)).headers["Location"] == url("cart", cart.pk)
        assert "Line deleted." in text_of(sales_client.get(url("cart", cart.pk)))
    assert not Line.objects.live().exists()


def test_a_deleted_line_of_another_team_is_not_found(
    line: Line, sales: User, other_sales_client: Client
) -> None:
    line_actions.delete_line(line.pk, sales)
    assert other_sales_client.post(url("line-delete", line.pk)).status_code == 404


def test_a_line_that_can_not_be_changed_is_not_deleted(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    for response in (
        sales_client.get(url("line-delete", line.pk)),
        sales_client.post(url("line-delete", line.pk)),
    ):
        assert response.headers["Location"] == url("cart", cart.pk)
    assert Line.objects.live().exists()


# Settle


@pytest.fixture
def disputed(cart: Cart, sales: User) -> Line:
    """A line whose note was changed on both sides."""
    line = ready_line(cart, sales)
    known(cart)
    edit(line, sales, note="ours")
    shown(cart, items=[item(line, note="theirs")])
    return again(line)


def test_a_change_on_both_sides_asks_which_holds(disputed: Line, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("line", disputed.pk)))
    assert "“ours” here, “theirs” at Covage" in page
    assert 'value="theirs|note"' in page


@pytest.mark.parametrize("kept", ["ours", "theirs"])
def test_the_button_settles_it(disputed: Line, sales_client: Client, kept: str) -> None:
    response = sales_client.post(url("line-settle", disputed.pk), {"keep": f"{kept}|note"})
    assert response.headers["Location"] == url("line", disputed.pk)
    assert (again(disputed).draft["note"], again(disputed).conflicts) == (kept, {})


@pytest.mark.parametrize("keep", ["", "note", "|note", "mine|note", "\0|note", "theirs\0|note"])
def test_a_button_that_names_no_side_settles_nothing(disputed: Line, sales_client: Client, keep: str) -> None:
    assert sales_client.post(url("line-settle", disputed.pk), {"keep": keep}).status_code == 400
    assert again(disputed).conflicts


@pytest.mark.parametrize("keep", ["ours|", "theirs|enni", "ours|nothing|note", "theirs|\0"])
def test_where_nothing_is_disputed_nothing_changes(disputed: Line, sales_client: Client, keep: str) -> None:
    assert sales_client.post(url("line-settle", disputed.pk), {"keep": keep}).status_code == 302
    assert list(again(disputed).conflicts) == ["note"]


def test_another_value_typed_settles_it_too(disputed: Line, sales_client: Client) -> None:
    sales_client.post(url("line", disputed.pk), {"note": "neither", "seen": '{"note": "ours"}'})
    assert (again(disputed).draft["note"], again(disputed).conflicts) == ("neither", {})


def test_what_was_confirmed_is_not_settled_any_more(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    response = sales_client.post(url("line-settle", line.pk), {"keep": "ours|note"})
    assert response.headers["Location"] == url("cart", cart.pk)
