"""A line's form saved section by section: what the answer updates around the fields."""

from django.test import Client

from accounts.models import User
from sessions_app import fields
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.sessions_app.cart_factory import edit
from tests.sessions_app.page_helpers import (
    SITE,
    again,
    at_site,
    known,
    save_line,
    section,
    seen_of,
    site_names,
    text_of,
)

SITE_CONTACT = [field.name for field in fields.SITE_CONTACT_FIELDS]


def test_a_section_answers_with_what_changed_around_its_fields(line: Line, sales_client: Client) -> None:
    response = save_line(sales_client, line, section(line, enni="", note="Ring twice"), htmx=True)
    page = text_of(response)
    assert response.status_code == 200
    assert "1 thing to fix before confirming" in page
    assert "<html" not in page
    assert 'name="enni"' not in page
    assert seen_of(page)["note"] == "Ring twice"
    assert again(line).draft["note"] == "Ring twice"


def test_a_section_answers_with_the_fields_that_were_filled_in(
    line: Line, sales: User, sales_client: Client
) -> None:
    edit(line, sales, **{f"{SITE}__0__{name}": None for name in ("city", "postcode", "insee_code")})
    data = section(again(line), **at_site(0, insee_code="76451"))
    page = text_of(save_line(sales_client, line, data, htmx=True))
    assert f'name="{SITE}-0-city" value="Mont-Saint-Aignan"' in page
    assert seen_of(page)[f"{SITE}.0.city"] == "Mont-Saint-Aignan"


def test_a_stale_field_of_a_section_is_reported_beside_it(
    line: Line, sales: User, sales_client: Client
) -> None:
    data = section(line, note="mine")
    edit(line, sales, note="theirs")
    page = text_of(save_line(sales_client, line, data, htmx=True))
    assert "Somebody has since changed this to “theirs”" in page
    assert again(line).draft["note"] == "theirs"
    save_line(sales_client, line, section(line, seen_of(page), note="mine"), htmx=True)
    assert again(line).draft["note"] == "mine"


def test_a_section_saved_again_does_not_undo_what_somebody_else_changed_in_it(
    line: Line, sales: User, sales_client: Client
) -> None:
    data = section(line, note="", technical_note="mine")
    edit(line, sales, note="theirs", enni="CN9")
    page = text_of(save_line(sales_client, line, data, htmx=True))
    data = section(line, seen_of(page), note="", technical_note="mine too")
    page = text_of(save_line(sales_client, line, data, htmx=True))
    save_line(sales_client, line, section(line, seen_of(page), enni="CN012345", enni2="CN7"), htmx=True)
    saved = again(line).draft
    assert (saved["note"], saved["technical_note"]) == ("theirs", "mine too")
    assert (saved["enni"], saved["enni2"]) == ("CN9", "CN7")


def test_a_field_saved_twice_from_one_page_is_not_stale(line: Line, sales_client: Client) -> None:
    seen = None
    for text in ("one", "two", "", "three"):
        page = text_of(save_line(sales_client, line, section(line, seen, note=text), htmx=True))
        seen = seen_of(page)
        assert "Somebody has since changed this" not in page
    assert again(line).draft["note"] == "three"


def test_a_page_whose_sites_moved_is_reloaded(three_sites: Line, sales_client: Client) -> None:
    emptied = at_site(0, **dict.fromkeys(SITE_CONTACT, ""))
    response = save_line(sales_client, three_sites, section(three_sites, **emptied), htmx=True)
    assert response.headers["HX-Refresh"] == "true"
    assert site_names(three_sites) == ["B", "C"]


def test_a_page_that_left_a_site_out_is_reloaded(cart: Cart, sales: User, sales_client: Client) -> None:
    line = line_actions.add_line(cart.pk, sales)
    response = save_line(sales_client, line, section(line, **at_site(1, city="Lyon")), htmx=True)
    assert response.headers["HX-Refresh"] == "true"
    assert [contact["city"] for contact in again(line).draft[SITE]] == ["Lyon"]


def test_a_locked_field_is_put_right_in_the_page(cart: Cart, line: Line, sales_client: Client) -> None:
    data = section(line, offer_technology="FON")
    known(cart)
    page = text_of(save_line(sales_client, line, data, htmx=True))
    assert 'name="offer_technology" value="FIBDE"' in page
    assert "readonly" in page
