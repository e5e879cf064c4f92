"""A draft's form saved as a whole: what is kept, what is wrong with it, what somebody else changed meanwhile."""

import json

import pytest
from django.test import Client

from accounts.models import User
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.extranet.order_factory import edit, fresh
from tests.extranet.page_helpers import names_in, page_of, posted, save, shown_upstream, url
from tests.sessions_app.page_helpers import seen_of, text_of

pytestmark = pytest.mark.django_db


def test_a_save_keeps_what_was_typed_and_enqueues_it(order: CopperOrder, sales_client: Client) -> None:
    shown_upstream(order)
    Operation.objects.all().delete()
    response = save(sales_client, order, posted(order, comment="Ring twice", enni__enni_vlan="12"))
    assert response.headers["Location"] == url("order", order.uuid)
    saved = fresh(order)
    assert (saved.draft["comment"], saved.draft["enni.enni_vlan"]) == ("Ring twice", "12")
    assert Operation.objects.unfinished().filter(subject_id=order.uuid).count() == 1


def test_a_save_without_a_change_does_nothing(order: CopperOrder, sales_client: Client) -> None:
    known = shown_upstream(order)
    Operation.objects.all().delete()
    save(sales_client, known, posted(known))
    assert not Operation.objects.exists()
    assert fresh(order).draft == known.draft


def test_the_buttons_lead_on(order: CopperOrder, sales_client: Client) -> None:
    response = save(sales_client, order, posted(order) | {"to-submit": "1"})
    assert response.headers["Location"] == url("submit", order.uuid)


def test_a_text_that_is_no_value_is_kept_shown_and_not_sent(order: CopperOrder, sales_client: Client) -> None:
    save(sales_client, order, posted(order, enni__enni_vlan="4095", comment="kept"))
    saved = fresh(order)
    assert saved.typed == {"enni.enni_vlan": "4095"}
    assert (saved.draft["enni.enni_vlan"], saved.draft["comment"]) == ("111", "kept")
    page = page_of(sales_client, order)
    assert 'value="4095"' in page
    assert "A VLAN is a whole number from 1 to 4094; you entered 4095." in page
    assert "Anything marked as wrong is kept, but not sent to Covage." in page


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("product__code", "NOPE", "Covage&#x27;s catalogue has no product “NOPE”"),
        ("product__code", "NA01", "ENNIs are ordered from Covage directly"),
        ("contacts__operator__contact_uuid", "nobody", "Covage has no contact “nobody”"),
        ("endpoints__0__endpoint_ref", "01433", "A line number has ten digits"),
        ("activation_info__mandate_id", "", "Enter the mandate number"),
        (
            "options__grt__value",
            "1h",
            "“1 h” isn&#x27;t one of the possible values: 4 h in business hours, 4 h 24/7, 8 h.",
        ),
        ("address__insee_code", "99999", "No commune has the INSEE code 99999."),
    ],
)
def test_each_mistake_is_said_at_its_field_and_what_was_typed_stays(
    order: CopperOrder, sales_client: Client, name: str, text: str, said: str
) -> None:
    save(sales_client, order, posted(order, **{name: text}))
    page = page_of(sales_client, order)
    assert said in page
    assert not text or f'value="{text}"' in page
    assert f"Covage: {said}" not in page


def test_a_field_that_somebody_changed_meanwhile_is_reported_and_saved_only_the_second_time(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    form = posted(order, comment="mine", owner__name="also mine")
    edit(order, sales, comment="theirs")
    response = save(sales_client, order, form)
    page = text_of(response)
    assert response.status_code == 409
    assert "Somebody has since changed this to “theirs”" in page
    assert ">\nmine</textarea>" in page
    assert (fresh(order).draft["comment"], fresh(order).draft["owner.name"]) == ("theirs", "also mine")
    save(sales_client, order, form | {"seen": json.dumps(seen_of(page))})
    assert fresh(order).draft["comment"] == "mine"


def test_the_type_it_was_started_with_stays(order: CopperOrder, sales_client: Client) -> None:
    save(sales_client, order, posted(order, type="terminate", service_alias="S1", comment="kept"))
    saved = fresh(order)
    assert (saved.type, saved.service_alias, saved.draft["comment"]) == ("activate", "", "kept")
    assert "only accepts these at creation" in page_of(sales_client, order)


def test_another_activation_type_has_other_fields_once_it_is_saved(
    order: CopperOrder, sales_client: Client
) -> None:
    assert "reference_endpoint-endpoint_ref" not in names_in(page_of(sales_client, order))
    save(sales_client, order, posted(order, activation_type="create_nearby"))
    names = names_in(page_of(sales_client, order))
    assert "reference_endpoint-endpoint_ref" in names
    assert "endpoints-0-endpoint_ref" in names, "it holds a value"
