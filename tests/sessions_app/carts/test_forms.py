"""The form of a cart: what it offers and what it accepts."""

import uuid

import pytest

from sessions_app.carts.forms import CartForm
from sessions_app.models import Cart
from tests.conftest import People

pytestmark = pytest.mark.django_db


def filled(**changes: str) -> dict[str, str]:
    return {"external_id": "", "project_id": "", "team": ""} | changes


def test_a_new_cart_has_a_key_and_no_owner_to_choose(people: People) -> None:
    form = CartForm(user=people.sales)
    assert isinstance(form.initial["key"], uuid.UUID)
    assert "owner" not in form.fields


def test_only_ones_own_teams_are_offered(people: People) -> None:
    assert list(CartForm(user=people.sales).fields["team"].queryset) == [people.north]  # type: ignore[attr-defined]


def test_texts_are_taken_without_the_blanks_around_them(people: People) -> None:
    form = CartForm(filled(external_id=" A ", project_id=" P "), user=people.sales)
    assert form.is_valid()
    assert form.values == {"external_id": "A", "project_id": "P"}


@pytest.mark.parametrize(("name", "most"), [("external_id", 100), ("project_id", 250)])
def test_a_text_too_long_is_refused_at_its_field(people: People, name: str, most: int) -> None:
    assert CartForm(filled(**{name: "x" * most}), user=people.sales).is_valid()
    assert CartForm(filled(**{name: "x" * (most + 1)}), user=people.sales).errors.keys() == {name}


def test_no_two_carts_bear_one_reference_but_those_that_are_gone(people: People) -> None:
    other = Cart.objects.create(external_id="A")
    assert not CartForm(filled(external_id="A"), user=people.sales).is_valid()
    assert CartForm(filled(external_id="A"), user=people.sales, key=other.pk).is_valid()
    for column in ("deleted_at", "gone_at"):
        Cart.objects.update(deleted_at=None, gone_at=None)
        Cart.objects.update(**{column: other.created_at})
        assert CartForm(filled(external_id="A"), user=people.sales).is_valid()


def test_a_cart_is_handed_to_mates_and_by_administrators_to_anyone(people: People) -> None:
    cart = Cart.objects.create(owner=people.sales)
    mates = CartForm(user=people.sales, cart=cart).fields["owner"].queryset  # type: ignore[attr-defined]
    everybody = CartForm(user=people.administrator, cart=cart).fields["owner"].queryset  # type: ignore[attr-defined]
    assert set(mates) == {people.sales, people.back_office}
    assert people.other_sales in everybody
