"""What it costs to save one field of a draft that the vendor has: how many queries it takes, session included."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from extranet.models import CopperOrder
from outbox.models import Operation
from tests.extranet.order_factory import fresh, read_products, upstream
from tests.extranet.page_helpers import outage, section, url
from tests.extranet.products import known_contact
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.page_helpers import HTMX, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def _products(sandbox: SandboxProcess) -> None:
    read_products()
    known_contact()


def save(client: Client, order: CopperOrder, form: dict[str, str]) -> str:
    """What htmx is answered when it sends a section."""
    return text_of(client.post(url("order", order.uuid), form, headers=HTMX))


def test_a_save_that_is_sent_at_once_takes_47_statements(
    sandbox: SandboxProcess,
    order: CopperOrder,
    sales_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    save(sales_client, order, section(order, enni__enni_vlan="12"))
    form = section(fresh(order), enni__enni_vlan="13")
    with django_assert_max_num_queries(47):
        page = save(sales_client, order, form)
    assert "Saved, here and at Covage." in page
    assert not Operation.objects.unfinished().exists()
    assert upstream(sandbox, fresh(order))["enni"]["enni_vlan"] == "13"


def test_a_save_while_covage_is_down_takes_23(
    order: CopperOrder, sales_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    outage()
    form = section(order, enni__enni_vlan="13")
    with django_assert_max_num_queries(23):
        page = save(sales_client, order, form)
    assert "Saved here, waiting to be sent to Covage." in page
    assert fresh(order).draft["enni.enni_vlan"] == "13"
    assert Operation.objects.unfinished().count() == 1
