"""Whatever is posted to a line's page: no fault, and nothing typed is lost."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from sessions_app import fields
from sessions_app.models import Cart, Line
from tests.sessions_app.page_helpers import (
    HUGE,
    SITE,
    again,
    posted,
    ready_line,
    save_line,
    url,
)

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
        response = save_line(sales_client, line, posted(line) | odd, htmx=htmx)
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
    @given(
        st.dictionaries(st.sampled_from([*NAMES, *SITE_NAMES, "add-site", "remove-site"]), TEXTS, max_size=6),
        st.sampled_from(["current", "none", "{}"]) | st.text(max_size=20),
        st.booleans(),
    )
    def send(texts: dict[str, str], seen: str, htmx: bool) -> None:
        data = posted(again(line)) | texts
        response = save_line(
            sales_client, line, data if seen == "current" else data | {"seen": seen}, htmx=htmx
        )
        assert response.status_code in (200, 302, 409)

    send()
    assert sales_client.get(url("line", line.pk)).status_code == 200
