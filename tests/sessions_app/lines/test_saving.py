"""What it costs to save one field of a line that the vendor has: the number of database statements, session and all."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from outbox.models import ApiHealth, Operation
from sessions_app.models import Cart, Line
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import upstream_fields
from tests.sessions_app.page_helpers import HTMX, again, posted, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def line(cart: Cart) -> Line:
    return cart.lines.get()


def section(line: Line, vlan: str) -> dict[str, str]:
    """The section that holds a line's VLAN, as htmx sends it."""
    return {"vlan_reference": vlan, "seen": posted(line)["seen"]}


def save(client: Client, line: Line, form: dict[str, str]) -> str:
    """Save, and return the answer."""
    return text_of(client.post(url("line", line.pk), form, headers=HTMX))


def test_a_save_that_is_sent_at_once_takes_29_statements(
    sandbox: SandboxProcess,
    line: Line,
    sales_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    save(sales_client, line, section(line, "1256"))
    form = section(again(line), "1257")
    with django_assert_max_num_queries(29):
        page = save(sales_client, line, form)
    assert "Saved, here and at Covage." in page
    assert not Operation.objects.unfinished().exists()
    assert upstream_fields(sandbox)["vlan_reference"] == 1257


def test_the_first_save_takes_29_too_though_the_page_shows_more_than_the_answer_did(
    line: Line, sales_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    form = section(line, "1257")
    with django_assert_max_num_queries(29):
        save(sales_client, line, form)
    assert not Operation.objects.unfinished().exists()
    assert again(line).draft["siret_known"] is False  # which the answer to its creation left out


def test_a_save_while_covage_is_down_takes_14(
    line: Line, sales_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    ApiHealth.objects.update_or_create(name="covage", defaults={"down_since": now, "tried_at": now})
    form = section(line, "1257")
    with django_assert_max_num_queries(14):
        page = save(sales_client, line, form)
    assert "Saved here, waiting to be sent to Covage." in page
    assert again(line).draft["vlan_reference"] == 1257
    assert Operation.objects.unfinished().count() == 1
