"""A line's page: its form, saved as a whole or section by section, and its story once it can't be changed."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from outbox.models import ApiHealth, Operation
from sessions_app import fields
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import edit, reviewed, site, upstream_fields
from tests.sessions_app.pages.ways import (
    HTMX,
    HUGE,
    SITE,
    again,
    at_site,
    draft,
    item,
    known,
    posted,
    ready_line,
    seen_of,
    shown,
    text_of,
    url,
)

SITE_CONTACT = [field.name for field in fields.SITE_CONTACT_FIELDS]


def save(client: Client, line: Line, data: dict[str, str], *, htmx: bool = False) -> Any:
    return client.post(url("line", line.pk), data, headers=HTMX if htmx else None)


def section(line: Line, seen: Any = None, **texts: str) -> dict[str, str]:
    """What htmx sends of a section: its fields and what the page had seen."""
    return texts | {"seen": posted(line)["seen"] if seen is None else json.dumps(seen)}


# Shown


def test_every_field_of_the_edition_stands_in_the_form(line: Line, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("line", line.pk)))
    for field in fields.line_fields():
        assert f'name="{field.name}"' in page or field.name == SITE
    for field in fields.site_contact_fields():
        assert f'name="{SITE}-0-{field.name}"' in page


def test_a_ready_line_says_so(line: Line, sales_client: Client) -> None:
    assert "This line is ready" in text_of(sales_client.get(url("line", line.pk)))


def test_what_is_missing_is_listed_with_a_link_to_its_field(
    line: Line, sales: User, sales_client: Client
) -> None:
    edit(line, sales, enni=None, related_contact_information__0__city=None)
    page = text_of(sales_client.get(url("line", line.pk)))
    assert "2 things to fix before confirming" in page
    assert '<a href="#id_enni">' in page
    assert f'<a href="#id_{SITE}-0-city">' in page


@pytest.mark.parametrize(
    ("sites", "count"),
    [("2", 2), ("0", 1), ("-3", 1), ("999", 20), ("9" * 5000, 1), ("²", 1), ("\0", 1), ("", 1)],
)
def test_as_many_sites_are_shown_as_asked_for_within_reason(
    line: Line, sales_client: Client, sites: str, count: int
) -> None:
    page = text_of(sales_client.get(url("line", line.pk), {"sites": sites}))
    assert page.count('class="site"') == count


def test_what_a_quotation_locks_is_read_only(cart: Cart, line: Line, sales_client: Client) -> None:
    shown(cart, items=[item(line, quote_item_id=str(uuid.uuid4()))])
    page = text_of(sales_client.get(url("line", line.pk)))
    for name in fields.QUOTED | fields.ONLY_AT_CREATION:
        (tag,) = [
            part.partition(">")[0]
            for part in page.split("<input ")
            if f'name="{name}"' in part.partition(">")[0]
        ]
        assert "readonly" in tag


def test_the_page_costs_no_more_with_ten_sites(
    line: Line, sales: User, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    edit(line, sales, **{path.replace(".", "__"): v for n in range(10) for path, v in site(n).items()})
    with django_assert_max_num_queries(20):
        sales_client.get(url("line", line.pk))


# Saved as a whole


def test_a_save_keeps_what_was_typed_and_owes_it(cart: Cart, line: Line, sales_client: Client) -> None:
    known(cart)
    Operation.objects.all().delete()
    response = save(sales_client, line, posted(line, note="Ring twice", vlan_reference="1257"))
    assert response.headers["Location"] == url("line", line.pk)
    assert (again(line).draft["note"], again(line).draft["vlan_reference"]) == ("Ring twice", 1257)
    assert Operation.objects.unfinished().filter(target_id=line.pk).count() == 1


def test_a_save_without_a_change_does_nothing(cart: Cart, line: Line, sales_client: Client) -> None:
    known(cart)
    Operation.objects.all().delete()
    before = again(line).modified_at
    save(sales_client, line, posted(line))
    assert not Operation.objects.exists()
    assert again(line).draft == line.draft
    assert again(line).modified_at >= before


def test_an_emptied_field_is_emptied(line: Line, sales_client: Client) -> None:
    save(sales_client, line, posted(line, enni=""))
    assert "enni" not in again(line).draft


@pytest.mark.parametrize(("button", "leads"), [("to-cart", "cart"), ("", "line")])
def test_the_buttons_lead_on(cart: Cart, line: Line, sales_client: Client, button: str, leads: str) -> None:
    response = save(sales_client, line, posted(line) | ({button: "1"} if button else {}))
    assert response.headers["Location"] == url(leads, cart.pk if leads == "cart" else line.pk)


def test_the_ends_of_lines_are_the_same_however_the_browser_sends_them(
    line: Line, sales_client: Client
) -> None:
    save(sales_client, line, posted(line, note="one\r\ntwo"))
    assert again(line).draft["note"] == "one\ntwo"


def test_a_text_that_is_no_value_is_kept_shown_and_not_sent(line: Line, sales_client: Client) -> None:
    save(sales_client, line, posted(line, vlan_reference="five", enni="CN99"))
    saved = again(line)
    assert saved.typed == {"vlan_reference": "five"}
    assert saved.draft["enni"] == "CN99"
    assert "vlan_reference" not in saved.draft
    page = text_of(sales_client.get(url("line", line.pk)))
    assert 'value="five"' in page
    assert "A VLAN is a whole number from 1 to 4094; you entered five." in page
    save(sales_client, saved, posted(saved, vlan_reference="5"))
    assert (again(line).typed, again(line).draft["vlan_reference"]) == ({}, 5)


def test_a_field_that_somebody_changed_meanwhile_is_told_and_saved_only_the_second_time(
    line: Line, sales: User, sales_client: Client
) -> None:
    form = posted(line, note="mine", technical_note="also mine")
    edit(line, sales, note="theirs")
    response = save(sales_client, line, form)
    page = text_of(response)
    assert response.status_code == 409
    assert "Somebody has since changed this to “theirs”" in page
    assert ">\nmine</textarea>" in page
    assert (again(line).draft["note"], again(line).draft["technical_note"]) == ("theirs", "also mine")
    save(sales_client, line, form | {"seen": json.dumps(seen_of(page))})
    assert again(line).draft["note"] == "mine"


def test_what_is_locked_stays_and_the_person_is_told(cart: Cart, line: Line, sales_client: Client) -> None:
    form = posted(line, offer_technology="FON", offer_family="x" * 50, note="kept")
    known(cart)
    save(sales_client, line, form)
    saved = again(line)
    assert (saved.draft["offer_technology"], saved.draft["note"], saved.typed) == ("FIBDE", "kept", {})
    assert "only accepts these at creation" in text_of(sales_client.get(url("line", line.pk)))


def test_the_commune_fills_in_what_it_settles(line: Line, sales: User, sales_client: Client) -> None:
    paths = ("city", "postcode", "insee_code")
    edit(line, sales, **{f"{SITE}__0__{name}": None for name in paths})
    form = posted(again(line)) | at_site(0, city="", postcode="", insee_code="76451")
    save(sales_client, line, form)
    (contact,) = again(line).draft[SITE]
    assert [contact[name] for name in paths] == ["Mont-Saint-Aignan", "76130", "76451"]


# Sites


def test_a_site_is_added_after_saving(line: Line, sales_client: Client) -> None:
    response = save(sales_client, line, posted(line, note="kept") | {"add-site": "1"})
    assert response.headers["Location"] == f"{url('line', line.pk)}?sites=2#site-1"
    save(sales_client, line, posted(again(line)) | at_site(1, city="Lyon"))
    assert [contact["city"] for contact in again(line).draft[SITE]] == ["Mont-Saint-Aignan", "Lyon"]


@pytest.fixture
def three_sites(line: Line, sales: User) -> Line:
    """Three sites, the last with a postcode that is none."""
    names = {f"{SITE}.{n}.end_customer_name": name for n, name in enumerate("ABC")}
    saved, _changes = line_actions.edit_line(line.pk, sales, names, {f"{SITE}.2.postcode": "none"})
    return again(saved)


def names(line: Line) -> list[str]:
    return [contact["end_customer_name"] for contact in again(line).draft[SITE]]


def test_a_site_is_removed_and_those_after_it_move_up_with_all_that_was_typed(
    three_sites: Line, sales_client: Client
) -> None:
    form = posted(three_sites) | at_site(2, city="Lyon")
    save(sales_client, three_sites, form | {"remove-site": "1"})
    assert names(three_sites) == ["A", "C"]
    assert again(three_sites).draft[SITE][1]["city"] == "Lyon"
    assert again(three_sites).typed == {f"{SITE}.1.postcode": "none"}


def test_pressed_twice_only_one_site_is_removed(three_sites: Line, sales_client: Client) -> None:
    form = posted(three_sites) | {"remove-site": "0"}
    for _ in range(2):
        save(sales_client, three_sites, form)
    assert names(three_sites) == ["B", "C"]


@pytest.mark.parametrize("index", ["7", "-1", "999999", "9" * 5000, "\u0661", "²", "\0", "x"])
def test_a_site_that_is_none_is_not_removed(three_sites: Line, sales_client: Client, index: str) -> None:
    response = save(sales_client, three_sites, posted(three_sites) | {"remove-site": index})
    assert response.status_code == 302
    assert names(three_sites) == ["A", "B", "C"]


# Saved section by section


def test_a_section_answers_with_what_changed_around_its_fields(line: Line, sales_client: Client) -> None:
    response = save(sales_client, line, section(line, enni="", note="Ring twice"), htmx=True)
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
    page = text_of(save(sales_client, line, data, htmx=True))
    assert f'name="{SITE}-0-city" value="Mont-Saint-Aignan"' in page
    assert seen_of(page)[f"{SITE}.0.city"] == "Mont-Saint-Aignan"


def test_a_stale_field_of_a_section_is_told_beside_it(line: Line, sales: User, sales_client: Client) -> None:
    data = section(line, note="mine")
    edit(line, sales, note="theirs")
    page = text_of(save(sales_client, line, data, htmx=True))
    assert "Somebody has since changed this to “theirs”" in page
    assert again(line).draft["note"] == "theirs"
    save(sales_client, line, section(line, seen_of(page), note="mine"), htmx=True)
    assert again(line).draft["note"] == "mine"


def test_a_section_saved_again_does_not_undo_what_somebody_else_changed_in_it(
    line: Line, sales: User, sales_client: Client
) -> None:
    data = section(line, note="", technical_note="mine")
    edit(line, sales, note="theirs", enni="CN9")
    page = text_of(save(sales_client, line, data, htmx=True))
    data = section(line, seen_of(page), note="", technical_note="mine too")
    page = text_of(save(sales_client, line, data, htmx=True))
    save(sales_client, line, section(line, seen_of(page), enni="CN012345", enni2="CN7"), htmx=True)
    saved = again(line).draft
    assert (saved["note"], saved["technical_note"]) == ("theirs", "mine too")
    assert (saved["enni"], saved["enni2"]) == ("CN9", "CN7")


def test_a_field_saved_twice_from_one_page_is_not_stale(line: Line, sales_client: Client) -> None:
    seen = None
    for text in ("one", "two", "", "three"):
        page = text_of(save(sales_client, line, section(line, seen, note=text), htmx=True))
        seen = seen_of(page)
        assert "Somebody has since changed this" not in page
    assert again(line).draft["note"] == "three"


def test_a_page_whose_sites_moved_is_loaded_anew(three_sites: Line, sales_client: Client) -> None:
    emptied = at_site(0, **dict.fromkeys(SITE_CONTACT, ""))
    response = save(sales_client, three_sites, section(three_sites, **emptied), htmx=True)
    assert response.headers["HX-Refresh"] == "true"
    assert names(three_sites) == ["B", "C"]


def test_a_page_that_left_a_site_out_is_loaded_anew(cart: Cart, sales: User, sales_client: Client) -> None:
    line = line_actions.add_line(cart.pk, sales)
    response = save(sales_client, line, section(line, **at_site(1, city="Lyon")), htmx=True)
    assert response.headers["HX-Refresh"] == "true"
    assert [contact["city"] for contact in again(line).draft[SITE]] == ["Lyon"]


def test_a_locked_field_is_put_right_in_the_page(cart: Cart, line: Line, sales_client: Client) -> None:
    data = section(line, offer_technology="FON")
    known(cart)
    page = text_of(save(sales_client, line, data, htmx=True))
    assert 'name="offer_technology" value="FIBDE"' in page
    assert "readonly" in page


# Too late


def test_what_was_typed_too_late_is_shown_once_more(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    form = posted(line, note="one\r\ntwo", technical_note="")
    edit(line, sales, technical_note="meanwhile")
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    response = save(sales_client, line, form)
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
    response = save(sales_client, line, section(line, note="late"), htmx=True)
    assert response.status_code == 422
    assert 'id="too-late" hx-swap-oob="true"' in text_of(response)
    assert "note" not in again(line).draft


# The story


def test_a_line_that_can_not_be_changed_tells_its_story(cart: Cart, line: Line, sales_client: Client) -> None:
    change = {
        "change_date": "2026-11-20T10:00:00+01:00",
        "state": "held_adv_validation",
        "change_reason": "Address",
    }
    told = item(
        line, state="held_adv_validation", order_reference="PO_DC17_1", state_change=[change], novelty="blue"
    )
    shown(cart, items=[told], state="in_progress")
    page = text_of(sales_client.get(url("line", line.pk)))
    for text in ("PO_DC17_1", "held for ADV validation", "Address", "Boulangerie Martin", "Novelty", "blue"):
        assert text in page
    assert "<form" not in page.partition("<main")[2]


@pytest.mark.parametrize("odd", [7, "text", {"a": 1}, [1, None, []], [{"state": None}]])
def test_states_told_in_another_shape_are_no_fault(
    cart: Cart, line: Line, sales_client: Client, odd: object
) -> None:
    shown(cart, items=[item(line, state="acknowledged", state_change=odd)], state="completed")
    assert sales_client.get(url("line", line.pk)).status_code == 200


def test_why_covage_rejected_it_stands_at_the_field_it_names(
    cart: Cart, line: Line, sales_client: Client
) -> None:
    error = {"property_path": "enni", "message": "Unknown door", "code": "E1"}
    shown(cart, items=[item(line, state="rejected_creation", termination_error=[error])], state="rejected")
    page = text_of(sales_client.get(url("line", line.pk)))
    assert "Why Covage rejected it" in page
    assert "Unknown door" in page


def test_the_back_office_reads_a_draft_as_a_story(line: Line, back_office_client: Client) -> None:
    page = text_of(back_office_client.get(url("line", line.pk)))
    assert "Boulangerie Martin" in page
    assert 'name="enni"' not in page


# What was typed while signed out


def test_what_was_typed_while_signed_out_comes_back_and_is_still_told_stale(
    people: People, line: Line, client: Client
) -> None:
    address = url("line", line.pk)
    client.post(address, posted(line, note="mine"))
    edit(line, people.sales, note="theirs")
    client.post("/accounts/login/", {"login": "sales", "password": "open sesame 123", "next": address})
    page = text_of(client.get(address))
    assert ">\nmine</textarea>" in page
    response = save(client, line, posted(line, note="mine", seen=json.dumps(seen_of(page))))
    assert response.status_code == 409


# Where the vendor's answer matters


def test_a_refusal_lands_on_the_field_that_it_names(
    sandbox: SandboxProcess, outage: ApiHealth, sales: User, sales_client: Client
) -> None:
    outage.delete()
    line = ready_line(draft(sales), sales, vlan_reference="many")
    page = text_of(save(sales_client, line, section(line, note="Ring twice"), htmx=True))
    _before, _mark, said = page.partition('id="error-id_vlan_reference">')
    assert said.startswith("Covage refused")
    assert "Covage refused" in text_of(sales_client.get(url("line", line.pk)))
    data = section(line, seen_of(page), vlan_reference="1257")
    page = text_of(save(sales_client, line, data, htmx=True))
    assert "Saved, here and at Covage." in page
    assert "Covage refused" not in page
    assert upstream_fields(sandbox)["vlan_reference"] == 1257


# Whatever is posted


ODD: list[dict[str, str]] = [
    {"seen": "["},
    {"seen": "[" * 100_000},
    {"seen": "7"},
    {"seen": '{"note": {"a": [1]}, "nothing": 1}'},
    {"seen": '{"note": "\\ud800", "\\u0000": "\\u0000"}'},
    {"seen": "\0"},
    {"seen": "9" * 5000},
    {f"{SITE}-999999-city": "Lyon"},
    {f"{SITE}--1-city": "Lyon"},
    {f"{SITE}-999-city": "Lyon"},
    {f"{SITE}-\u0661-city": "Lyon"},
    {f"{SITE}-0-nothing": "x"},
    {SITE: "x"},
    {"note": "a\0b"},
    {"note": HUGE},
    {"enni": HUGE},
    {"option_ids": "9" * 100_000},
    {"option_ids": " ".join(map(str, range(100_000)))},
    {"scheduled_delivery_date": "0001-01-01"},
    {"scheduled_delivery_date": "9999-12-31"},
    {"scheduled_delivery_date": "\uff12\uff10\uff12\uff16-11-30"},
    {"vlan_reference": "\u0661"},
    {f"{SITE}-0-siret": "\u0661" * 14},
    {f"{SITE}-0-latitude": "nan"},
    {f"{SITE}-0-longitude": "1e400"},
    {f"{SITE}-0-postcode": "\u0661\u0662\u0663\u0664\u0665"},
    {f"{SITE}-0-contact1_phone_number": "9" * 100_000},
    {f"{SITE}-0-contact1_email_address": "@" * 100_000},
]


@pytest.mark.parametrize("htmx", [False, True])
def test_odd_input_is_no_fault_and_the_page_still_opens(
    cart: Cart, sales: User, sales_client: Client, htmx: bool
) -> None:
    for odd in ODD:
        line = ready_line(cart, sales)
        response = save(sales_client, line, posted(line) | odd, htmx=htmx)
        assert response.status_code in (200, 302, 409), list(odd)
        assert sales_client.get(url("line", line.pk)).status_code == 200, list(odd)


NAMES = [field.name for field in fields.LINE_FIELDS if field.name != SITE]
SITE_NAMES = [f"{SITE}-{n}-{field.name}" for n in (0, 1, 19, 20) for field in fields.SITE_CONTACT_FIELDS]
TEXTS = (
    st.text(max_size=30)
    | st.integers().map(str)
    | st.dates().map(str)
    | st.sampled_from(["76130", "true", "7021", ""])
)


def test_no_form_is_a_fault_and_nothing_typed_is_lost(line: Line, sales_client: Client) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.dictionaries(st.sampled_from([*NAMES, *SITE_NAMES, "add-site", "remove-site"]), TEXTS, max_size=6),
        st.sampled_from(["current", "none", "{}"]) | st.text(max_size=20),
        st.booleans(),
    )
    def send(texts: dict[str, str], seen: str, htmx: bool) -> None:
        data = posted(again(line)) | texts
        response = save(sales_client, line, data if seen == "current" else data | {"seen": seen}, htmx=htmx)
        assert response.status_code in (200, 302, 409)

    send()
    assert sales_client.get(url("line", line.pk)).status_code == 200
