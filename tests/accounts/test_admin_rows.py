"""What the read-only administration shows of a row: its columns and documents, escaped, with secrets hidden."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.test import Client
from django.utils import timezone, translation

from accounts import read_only_admin
from outbox.models import Operation
from tests.accounts.admin_helpers import HOSTILE, WITH_DOCUMENTS, a_row, address_of, every_model
from tests.conftest import People
from tests.portal.world import a_cart, an_operation
from tests.tracking.order_factory import an_order
from tracking.models import OrderDetail


@pytest.mark.parametrize(
    ("label", "document"), [(one, it) for one, all_ in WITH_DOCUMENTS.items() for it in all_]
)
def test_a_document_is_laid_out_and_escaped(
    label: str, document: str, people: People, administrator_client: Client
) -> None:
    row = a_row(label, people, 1)
    hostile = {HOSTILE: {"é": HOSTILE}}
    type(row)._default_manager.filter(pk=row.pk).update(**{document: hostile})
    page = administrator_client.get(address_of(row, "change")).content.decode()
    assert HOSTILE not in page
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert (
        f"<pre>{{\n  &quot;{escaped}&quot;: {{\n    &quot;é&quot;: &quot;{escaped}&quot;\n  }}\n}}</pre>"
    ) in page


def test_half_a_character_is_laid_out_by_its_code() -> None:
    """SQLite keeps such a document; PostgreSQL refuses it."""
    assert (
        read_only_admin.laid_out({"half": "\ud800"})
        == "<pre>{\n  &quot;half&quot;: &quot;\\ud800&quot;\n}</pre>"
    )


def test_hostile_columns_are_escaped(people: People, administrator_client: Client) -> None:
    hostile = {"label": HOSTILE, "failure": HOSTILE, "detail": HOSTILE, "request_uuid": HOSTILE}
    operation = an_operation(a_cart(people.sales), **hostile)
    for address in (address_of(Operation, "changelist"), address_of(operation, "change")):
        assert HOSTILE not in administrator_client.get(address).content.decode()


@pytest.mark.parametrize(
    "name", ["password", "Password", "ppp_passwd", "passphrase", "access_token", "client-secret", "apiKey"]
)
def test_passwords_and_tokens_are_hidden(name: str) -> None:
    shown = read_only_admin.laid_out([{"account": {name: "hush", "city": "Rouen"}}])
    assert "hush" not in shown
    assert f"&quot;{name}&quot;: &quot;•••&quot;" in shown
    assert "&quot;city&quot;: &quot;Rouen&quot;" in shown


def test_a_document_that_is_nested_too_deeply_is_no_crash() -> None:
    document: dict[str, Any] = {}
    for _level in range(2000):
        document = {"password": "", "within": document}
    assert read_only_admin.laid_out(document) == "<pre>This document is nested too deeply to be shown.</pre>"


def test_an_operation_tells_what_is_wrong(people: People, administrator_client: Client) -> None:
    failed = {"attempts": 7, "failure": "OutcomeUnknown", "request_uuid": "5f2c-11", "state": "unknown"}
    operation = an_operation(a_cart(people.sales), **failed)
    page = administrator_client.get(address_of(Operation, "changelist")).content.decode()
    shown = ["covage", "save-cart", "CART-1", "outcome unknown", "7", "OutcomeUnknown", "5f2c-11"]
    assert [text for text in shown if f">{text}</td>" not in page] == []
    page = administrator_client.get(address_of(operation, "change")).content.decode()
    assert "Carnet will check whether it arrived before sending anything again." in page


def test_an_order_shows_what_its_own_page_said(administrator_client: Client) -> None:
    order = an_order(1)
    assert administrator_client.get(address_of(order, "change")).status_code == 200
    OrderDetail.objects.create(
        order=order, detail={"d": 1}, history=[{"h": 2}], documents=[{"p": 3}], failure="Its page is a 500."
    )
    page = administrator_client.get(address_of(order, "change")).content.decode()
    shown = ["&quot;d&quot;: 1", "&quot;h&quot;: 2", "&quot;p&quot;: 3", "Its page is a 500."]
    assert [text for text in shown if text not in page] == []


@every_model
def test_a_row_leads_to_its_page_in_the_portal(
    label: str, people: People, administrator_client: Client
) -> None:
    row: Any = a_row(label, people, 1)
    page = administrator_client.get(address_of(row, "change")).content.decode()
    address = {"outbox.ApiHealth": "/operations/", "sync.SyncRun": "/operations/", "sync.Lease": None}.get(
        label, ""
    )
    if address == "":
        address = row.url if label == "outbox.Operation" else row.get_absolute_url()
    assert ('class="viewsitelink"' in page) == bool(address)
    assert address is None or f'href="{address}" class="viewsitelink"' in page


def test_a_deleted_row_has_no_page_in_the_portal(people: People, administrator_client: Client) -> None:
    cart = a_cart(people.sales, deleted_at=timezone.now())
    assert "viewsitelink" not in administrator_client.get(address_of(cart, "change")).content.decode()


@every_model
def test_every_label_has_a_french_one(label: str) -> None:
    """But for what is the same in both languages."""
    page: Any = site.get_model_admin(apps.get_model(label))
    named = [*page.columns.values(), *page.documents.values(), page.opts.verbose_name_plural]
    with translation.override("en"):
        english = {str(one) for one in named}
    with translation.override("fr"):
        french = {str(one) for one in named}
    assert english & french <= {"API", "documents", "pages", "service", "total", "type"}
