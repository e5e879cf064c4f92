"""A line's form saved as a whole: what is kept, what is stale, sites added and removed, and what came too late."""

import json

import pytest
from django.test import Client

from accounts.models import User
from outbox.models import ApiHealth, Operation
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import edit, reviewed, upstream_fields
from tests.sessions_app.page_helpers import (
    SITE,
    again,
    at_site,
    draft,
    known,
    posted,
    ready_line,
    save_line,
    section,
    seen_of,
    site_names,
    text_of,
    url,
)


def test_a_save_keeps_what_was_typed_and_enqueues_it(cart: Cart, line: Line, sales_client: Client) -> None:
    known(cart)
    Operation.objects.all().delete()
    response = save_line(sales_client, line, posted(line, note="Ring twice", vlan_reference="1257"))
    assert response.headers["Location"] == url("line", line.pk)
    assert (again(line).draft["note"], again(line).draft["vlan_reference"]) == ("Ring twice", 1257)
    assert Operation.objects.unfinished().filter(target_id=line.pk).count() == 1


def test_a_save_without_a_change_does_nothing(cart: Cart, line: Line, sales_client: Client) -> None:
    known(cart)
    Operation.objects.all().delete()
    before = again(line).modified_at
    save_line(sales_client, line, posted(line))
    assert not Operation.objects.exists()
    assert again(line).draft == line.draft
    assert again(line).modified_at >= before


def test_an_emptied_field_is_emptied(line: Line, sales_client: Client) -> None:
    save_line(sales_client, line, posted(line, enni=""))
    assert "enni" not in again(line).draft


@pytest.mark.parametrize(("button", "leads"), [("to-cart", "cart"), ("", "line")])
def test_the_buttons_lead_on(cart: Cart, line: Line, sales_client: Client, button: str, leads: str) -> None:
    response = save_line(sales_client, line, posted(line) | ({button: "1"} if button else {}))
    assert response.headers["Location"] == url(leads, cart.pk if leads == "cart" else line.pk)


def test_the_ends_of_lines_are_the_same_however_the_browser_sends_them(
    line: Line, sales_client: Client
) -> None:
    save_line(sales_client, line, posted(line, note="one\r\ntwo"))
    assert again(line).draft["note"] == "one\ntwo"


def test_a_text_that_is_no_value_is_kept_shown_and_not_sent(line: Line, sales_client: Client) -> None:
    save_line(sales_client, line, posted(line, vlan_reference="five", enni="CN99"))
    saved = again(line)
    assert saved.typed == {"vlan_reference": "five"}
    assert saved.draft["enni"] == "CN99"
    assert "vlan_reference" not in saved.draft
    page = text_of(sales_client.get(url("line", line.pk)))
    assert 'value="five"' in page
    assert "A VLAN is a whole number from 1 to 4094; you entered five." in page
    save_line(sales_client, saved, posted(saved, vlan_reference="5"))
    assert (again(line).typed, again(line).draft["vlan_reference"]) == ({}, 5)


def test_a_field_that_somebody_has_since_changed_is_shown_as_stale_and_saved_only_the_second_time(
    line: Line, sales: User, sales_client: Client
) -> None:
    form = posted(line, note="mine", technical_note="also mine")
    edit(line, sales, note="theirs")
    response = save_line(sales_client, line, form)
    page = text_of(response)
    assert response.status_code == 409
    assert "Somebody has since changed this to “theirs”" in page
    assert ">\nmine</textarea>" in page
    assert (again(line).draft["note"], again(line).draft["technical_note"]) == ("theirs", "also mine")
    save_line(sales_client, line, form | {"seen": json.dumps(seen_of(page))})
    assert again(line).draft["note"] == "mine"


def test_what_is_locked_stays_and_the_page_says_so(cart: Cart, line: Line, sales_client: Client) -> None:
    form = posted(line, offer_technology="FON", offer_family="x" * 50, note="kept")
    known(cart)
    save_line(sales_client, line, form)
    saved = again(line)
    assert (saved.draft["offer_technology"], saved.draft["note"], saved.typed) == ("FIBDE", "kept", {})
    assert "only accepts these at creation" in text_of(sales_client.get(url("line", line.pk)))


def test_the_commune_fills_in_what_it_settles(line: Line, sales: User, sales_client: Client) -> None:
    paths = ("city", "postcode", "insee_code")
    edit(line, sales, **{f"{SITE}__0__{name}": None for name in paths})
    form = posted(again(line)) | at_site(0, city="", postcode="", insee_code="76451")
    save_line(sales_client, line, form)
    (contact,) = again(line).draft[SITE]
    assert [contact[name] for name in paths] == ["Mont-Saint-Aignan", "76130", "76451"]


# Sites


def test_a_site_is_added_after_saving(line: Line, sales_client: Client) -> None:
    response = save_line(sales_client, line, posted(line, note="kept") | {"add-site": "1"})
    assert response.headers["Location"] == f"{url('line', line.pk)}?sites=2#site-1"
    save_line(sales_client, line, posted(again(line)) | at_site(1, city="Lyon"))
    assert [contact["city"] for contact in again(line).draft[SITE]] == ["Mont-Saint-Aignan", "Lyon"]


def test_a_site_is_removed_and_those_after_it_move_up_with_all_that_was_typed(
    three_sites: Line, sales_client: Client
) -> None:
    form = posted(three_sites) | at_site(2, city="Lyon")
    save_line(sales_client, three_sites, form | {"remove-site": "1"})
    assert site_names(three_sites) == ["A", "C"]
    assert again(three_sites).draft[SITE][1]["city"] == "Lyon"
    assert again(three_sites).typed == {f"{SITE}.1.postcode": "none"}


def test_pressed_twice_only_one_site_is_removed(three_sites: Line, sales_client: Client) -> None:
    form = posted(three_sites) | {"remove-site": "0"}
    for _ in range(2):
        save_line(sales_client, three_sites, form)
    assert site_names(three_sites) == ["B", "C"]


@pytest.mark.parametrize("index", ["7", "-1", "999999", "9" * 5000, "\u0661", "²", "\0", "x"])
def test_a_site_that_is_none_is_not_removed(three_sites: Line, sales_client: Client, index: str) -> None:
    response = save_line(sales_client, three_sites, posted(three_sites) | {"remove-site": index})
    assert response.status_code == 302
    assert site_names(three_sites) == ["A", "B", "C"]


# Too late


def test_what_was_typed_too_late_is_shown_once_more(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    form = posted(line, note="one\r\ntwo", technical_note="")
    edit(line, sales, technical_note="meanwhile")
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    response = save_line(sales_client, line, form)
    page = text_of(response)
    assert response.status_code == 409
    assert "What you typed wasn't saved; here it is, to copy:" in page
    assert "<dt>Note</dt><dd>one<br>two</dd>" in page
    assert page.count("<dt>Note</dt>") == 1
    assert "note" not in again(line).draft


def test_a_section_sent_too_late_says_so_on_the_page(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    response = save_line(sales_client, line, section(line, note="late"), htmx=True)
    assert response.status_code == 422
    assert 'id="too-late" hx-swap-oob="true"' in text_of(response)
    assert "note" not in again(line).draft


# What was typed while signed out


def test_what_was_typed_while_signed_out_comes_back_and_is_still_stale(
    people: People, line: Line, client: Client
) -> None:
    address = url("line", line.pk)
    client.post(address, posted(line, note="mine"))
    edit(line, people.sales, note="theirs")
    client.post("/accounts/login/", {"login": "sales", "password": "open sesame 123", "next": address})
    page = text_of(client.get(address))
    assert ">\nmine</textarea>" in page
    response = save_line(client, line, posted(line, note="mine", seen=json.dumps(seen_of(page))))
    assert response.status_code == 409


def test_a_refusal_lands_on_the_field_that_it_names(
    sandbox: SandboxProcess, outage: ApiHealth, sales: User, sales_client: Client
) -> None:
    outage.delete()
    line = ready_line(draft(sales), sales, vlan_reference="many")
    page = text_of(save_line(sales_client, line, section(line, note="Ring twice"), htmx=True))
    _before, _mark, said = page.partition('id="error-id_vlan_reference">')
    assert said.startswith("Covage refused")
    assert "Covage refused" in text_of(sales_client.get(url("line", line.pk)))
    data = section(line, seen_of(page), vlan_reference="1257")
    page = text_of(save_line(sales_client, line, data, htmx=True))
    assert "Saved, here and at Covage." in page
    assert "Covage refused" not in page
    assert upstream_fields(sandbox)["vlan_reference"] == 1257
