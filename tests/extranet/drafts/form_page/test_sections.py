"""A draft's form saved section by section: what comes back, and what is shown again."""

import json

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from drafts import editing
from extranet.models import CopperOrder
from tests.extranet.order_factory import edit, fresh
from tests.extranet.page_helpers import names_in, save, section, url
from tests.sessions_app.page_helpers import HUGE, seen_of, text_of

pytestmark = pytest.mark.django_db


def test_a_section_answers_with_what_changed_around_its_fields(
    order: CopperOrder, sales_client: Client
) -> None:
    response = save(sales_client, order, section(order, enni__enni_vlan=""), htmx=True)
    page = text_of(response)
    assert response.status_code == 200
    assert "1 thing to fix before submitting" in page
    assert "<html" not in page
    assert "enni-enni_vlan" not in names_in(page)
    assert "enni.enni_vlan" not in seen_of(page)


def test_a_section_answers_with_the_fields_that_were_filled_in(
    order: CopperOrder, sales_client: Client
) -> None:
    data = section(order, address__insee_code="76451", options__grt__value="8h", operator_order_ref="")
    page = text_of(save(sales_client, order, data, htmx=True))
    assert 'name="address-city" value="Mont-Saint-Aignan"' in page
    assert '<option value="true" selected>' in page
    assert seen_of(page)["operator_order_ref"] == order.operator_order_ref


@pytest.mark.parametrize(
    ("texts", "comes"),
    [
        ({"owner__type": "registrated"}, "owner-siret"),
        ({"activation_type": "create"}, "reference_endpoint-endpoint_ref"),
        ({"product__code": "AM01"}, "options-portability-enabled"),
    ],
)
def test_all_sections_are_shown_again_when_other_fields_apply(
    order: CopperOrder, sales_client: Client, texts: dict[str, str], comes: str
) -> None:
    page = text_of(save(sales_client, order, section(order, **texts), htmx=True))
    assert '<div id="draft-sections" hx-swap-oob="true">' in page
    assert 'id="draft-nav" aria-label="Sections" hx-swap-oob="true"' in page
    assert comes in names_in(page)
    assert seen_of(page) == editing.texts_of(fresh(order))
    inside = page.partition('id="draft-sections" hx-swap-oob="true">')[2].partition("<datalist")[0]
    assert "hx-swap-oob" not in inside


def test_sections_shown_again_show_what_was_typed_too_late(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    data = section(order, owner__type="registrated", owner__name="mine")
    edit(order, sales, owner__name="theirs")
    page = text_of(save(sales_client, order, data, htmx=True))
    assert 'name="owner-name" value="mine"' in page
    assert "Somebody has since changed this to “theirs”" in page
    assert fresh(order).draft["owner.name"] == "theirs"


def test_a_stale_field_of_a_section_is_reported_beside_it(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    data = section(order, comment="mine")
    edit(order, sales, comment="theirs")
    page = text_of(save(sales_client, order, data, htmx=True))
    assert "Somebody has since changed this to “theirs”" in page
    again = section(order, comment="mine") | {"seen": json.dumps(seen_of(page))}
    save(sales_client, order, again, htmx=True)
    assert fresh(order).draft["comment"] == "mine"


@pytest.mark.parametrize("seen", ["", "nonsense", "[]", "null", '{"x": 1}', "[" * 100_000])
def test_a_form_that_does_not_say_what_it_showed_is_saved_as_it_is(
    order: CopperOrder, sales_client: Client, seen: str
) -> None:
    assert save(sales_client, order, {"comment": "new", "seen": seen}, htmx=True).status_code == 200


@given(
    texts=st.dictionaries(
        st.sampled_from(
            ["product-code", "activation_type", "owner-type", "endpoints-3-endpoint_ref", "comment"]
        ),
        st.one_of(st.text(max_size=30), st.just(HUGE)),
    )
)
def test_any_text_anywhere_is_answered_and_shown(
    order: CopperOrder, sales_client: Client, texts: dict[str, str]
) -> None:
    assert save(sales_client, order, {**texts, "seen": "{}"}, htmx=True).status_code == 200
    assert sales_client.get(url("order", order.uuid)).status_code == 200


def test_a_door_chosen_by_mistake_leaves_the_draft_as_it_can_be_changed(
    order: CopperOrder, sales_client: Client
) -> None:
    save(sales_client, order, section(order, product__code="NA01"), htmx=True)
    save(sales_client, order, section(fresh(order), product__code="SD01"), htmx=True)
    assert (fresh(order).draft["product.code"], fresh(order).is_ready) == ("SD01", True)
