"""A draft's form with Covage within reach: what it says arrived, and what they refused."""

import pytest
from django.test import Client

from accounts.models import User
from sandbox.extranet.rules import NOBODYS_LINE
from tests.extranet.order_factory import fresh, upstream, upstream_id
from tests.extranet.page_helpers import draft, page_of, posted, save, url
from tests.extranet.products import known_contact, read_products
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.page_helpers import text_of

pytestmark = pytest.mark.django_db


def test_a_save_reaches_covage_while_the_person_waits(
    sandbox: SandboxProcess, sales: User, sales_client: Client
) -> None:
    order = draft(sales)
    save(sales_client, order, posted(order, comment="Ring twice"))
    assert upstream(sandbox, fresh(order))["comment"] == "Ring twice"
    page = page_of(sales_client, order)
    assert "Saved, here and at Covage." in page
    assert "This order is ready" in page


def test_what_covage_refuses_is_said_at_its_field_and_what_was_typed_stays(
    sandbox: SandboxProcess, sales: User, sales_client: Client
) -> None:
    order = draft(sales)
    sandbox.reset()
    known_contact("stranger")
    page = text_of(
        sales_client.post(
            url("order", order.uuid), posted(order, contacts__operator__contact_uuid="stranger"), follow=True
        )
    )
    assert "Covage refused it: see the messages at the fields." in page
    assert "1 thing to fix before submitting" in page
    assert '<a href="#id_contacts-operator-contact_uuid">' in page
    assert '<option value="stranger" selected>' in page
    assert "Saved here, but Covage refused it: correct what they named and it will be sent again." in page


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("endpoints__0__endpoint_ref", NOBODYS_LINE, f"There is no line {NOBODYS_LINE}."),
        ("product__code", "SD99", "There is no product SD99."),
        ("batch_alias", "B180612_00001", ""),
    ],
)
def test_what_only_covage_knows_not_to_be_there_is_said_at_its_field(
    sandbox: SandboxProcess, sales: User, sales_client: Client, name: str, text: str, said: str
) -> None:
    order = draft(sales)
    save(sales_client, order, posted(order, **{name: text}))
    page = page_of(sales_client, order)
    assert f'value="{text}"' in page
    assert ("Covage refused" in page) is bool(said)
    assert said in page


def test_another_product_recreates_the_draft_at_covage_and_the_form_goes_on(
    sandbox: SandboxProcess, sales: User, sales_client: Client
) -> None:
    read_products()
    order = draft(sales)
    save(sales_client, order, posted(order, comment="first"))
    before = upstream_id(fresh(order))
    form = posted(fresh(order), product__code="AM01", enni__enni_service_ref="", enni__enni_vlan="")
    save(sales_client, order, form)
    after = fresh(order)
    assert upstream_id(after) != before
    assert upstream(sandbox, after)["product"]["code"] == "AM01"
    assert "Saved, here and at Covage." in page_of(sales_client, after)
