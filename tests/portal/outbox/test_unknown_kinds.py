"""Operations of a kind that nobody named: the back office sees them on the outbox's page, and nobody sends them."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from outbox.apis import COVAGE, EXTRANET
from outbox.models import Operation
from portal.outbox import pages
from tests.apis import speak_to
from tests.conftest import People
from tests.portal.outbox.page_helpers import BUTTONS, act, outbox_page
from tests.portal.world import a_cart, a_line, an_operation

State = Operation.State


def test_an_unknown_kind_is_shown_to_the_back_office_by_its_name(
    people: People, back_office_client: Client
) -> None:
    an_operation(a_cart(people.sales), kind="paint-cart")
    page = outbox_page(back_office_client)
    for text in ("Paint cart", "CART-1", "waiting", "Carnet doesn&#x27;t know how to send this"):
        assert text in page
    assert "(deleted here)" not in page


def test_an_unknown_kind_has_neither_links_nor_buttons(people: People, back_office_client: Client) -> None:
    cart = a_cart(people.back_office)
    line = a_line(cart)
    an_operation(cart, line, kind="paint-line")
    page = outbox_page(back_office_client)
    assert "Boulangerie" in page
    assert "formaction" not in page
    assert cart.get_absolute_url() not in page
    assert line.get_absolute_url() not in page


def test_an_unknown_kind_about_a_known_cart_still_offers_nothing(
    people: People, signed_in: Callable[[User], Client]
) -> None:
    cart = a_cart(people.sales)
    line = a_line(cart)
    known, strange = an_operation(cart, line), an_operation(cart, line, kind="paint-line")
    subjects = pages.by_subject([strange, known], people.administrator)
    assert [(subject.label, subject.url) for subject in subjects] == [("CART-1", cart.get_absolute_url())]
    rows = {row.operation: row for row in subjects[0].rows}
    assert (rows[known].url, rows[known].may_send, rows[known].may_withdraw) == (
        line.get_absolute_url(),
        True,
        True,
    )
    assert (rows[strange].url, rows[strange].fix_url) == ("", "")
    assert (rows[strange].may_send, rows[strange].may_withdraw) == (False, False)


@pytest.mark.parametrize("owner", ["sales", "other_sales"])
def test_sales_see_none_of_an_unknown_kind_not_even_of_their_own_carts(
    people: People, sales_client: Client, owner: str
) -> None:
    operation = an_operation(a_cart(getattr(people, owner)), kind="paint-cart")
    assert "Paint cart" not in outbox_page(sales_client)
    assert pages.visible_to(people.sales).count() == 0
    for action in BUTTONS:
        assert sales_client.post(f"/outbox/{operation.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("api", [COVAGE, EXTRANET])
def test_an_unknown_kind_is_shown_whichever_api_is_configured(
    people: People, back_office_client: Client, settings: Settings, api: str
) -> None:
    speak_to(settings, api)
    an_operation(a_cart(people.sales), kind="paint-cart")
    assert "Paint cart" in outbox_page(back_office_client)


def test_an_unknown_kind_is_neither_sent_nor_withdrawn_on_request(
    people: People, back_office_client: Client
) -> None:
    operation = an_operation(a_cart(people.sales), kind="paint-cart")
    for action in ("send", "withdraw"):
        assert act(back_office_client, operation, action).status_code == 200
    operation.refresh_from_db()
    assert (operation.state, operation.attempts, operation.sent) == (State.WAITING, 0, None)


def test_a_refused_operation_of_an_unknown_kind_can_be_dismissed(
    people: People, back_office_client: Client
) -> None:
    errors = [{"path": "colour", "message": "No such paint."}]
    cart = a_cart(people.sales)
    operation = an_operation(cart, kind="paint-cart", state=State.REFUSED, failure="Invalid", errors=errors)
    page = outbox_page(back_office_client)
    assert "colour: No such paint." in page
    assert "Mend it" not in page
    act(back_office_client, operation, "dismiss")
    operation.refresh_from_db()
    assert operation.dismissed
