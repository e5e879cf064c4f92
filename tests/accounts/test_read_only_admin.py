"""The read-only administration pages: they show administrators the rows, and change nothing."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.admin.utils import quote
from django.db import connection, models
from django.forms.models import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts import read_only_admin
from accounts.models import User
from outbox.models import ApiHealth, Operation
from sync.models import Lease, SyncRun
from tests.conftest import People
from tests.plans import unserved
from tests.portal.world import a_cart, a_copper_order, a_line, an_operation
from tests.tracking.order_factory import an_order
from tracking.models import OrderDetail

SignIn = Callable[[User], Client]
LABELS = (
    "outbox.Operation",
    "outbox.ApiHealth",
    "sync.SyncRun",
    "sync.Lease",
    "sessions_app.Cart",
    "sessions_app.Line",
    "tracking.Order",
    "extranet.CopperOrder",
)
WITH_DOCUMENTS = {
    "outbox.Operation": ("payload", "sent", "errors"),
    "sessions_app.Cart": ("draft", "upstream", "typed", "conflicts"),
    "sessions_app.Line": ("draft", "upstream", "typed", "conflicts"),
    "tracking.Order": ("listed",),
    "extranet.CopperOrder": ("draft", "upstream", "typed", "conflicts", "raw"),
}
HOSTILE = "<script>alert(1)</script>"
every_model = pytest.mark.parametrize("label", LABELS)


def _rows(label: str, people: People, number: int) -> models.Model:
    """A row of the model; its number distinguishes it from others."""
    if label == "outbox.ApiHealth":
        return ApiHealth.objects.create(name=f"api-{number}", failure="Unreachable")
    if label == "sync.SyncRun":
        return SyncRun.objects.create(kind="orders", error="Unreachable: no (support reference: abc-1)")
    if label == "sync.Lease":
        until = timezone.now() + timedelta(minutes=5)
        return Lease.objects.create(name=f"sync:{number}", holder=uuid.uuid4(), expires_at=until)
    if label == "tracking.Order":
        return an_order(number, owner=people.sales)
    if label == "extranet.CopperOrder":
        return a_copper_order(people.sales, f"O261122_{number}")
    cart = a_cart(people.sales, f"CART-{number}", team=people.north, confirmed_by=people.sales)
    if label == "sessions_app.Cart":
        return cart
    line = a_line(cart, external_id=f"LINE-{number}", order_reference=f"CMD-{number}")
    return line if label == "sessions_app.Line" else an_operation(cart, line, actor=people.sales)


def _address(row: type[models.Model] | models.Model, page: str) -> str:
    arguments = [quote(row.pk)] if isinstance(row, models.Model) else []
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=arguments)


def _pages(row: models.Model) -> list[str]:
    return [_address(type(row), "changelist"), _address(row, "change"), _address(row, "history")]


# Who sees what


@every_model
def test_an_administrator_sees_the_list_and_each_row(
    label: str, people: People, administrator_client: Client
) -> None:
    row = _rows(label, people, 1)
    page = administrator_client.get(_address(type(row), "changelist")).content.decode()
    assert _address(row, "change") in page
    assert administrator_client.get(_address(row, "change")).status_code == 200


@every_model
@pytest.mark.parametrize("role", ["sales", "back_office", "nobody"])
def test_nobody_else_sees_them(label: str, role: str, people: People, signed_in: SignIn) -> None:
    row = _rows(label, people, 1)
    client = signed_in(getattr(people, role))
    assert [client.get(page, follow=True).status_code for page in _pages(row)] == [403, 403, 403]


@every_model
def test_a_stranger_is_led_to_the_sign_in_page(label: str, people: People, client: Client) -> None:
    row = _rows(label, people, 1)
    leads = [client.get(page, follow=True).redirect_chain[-1][0] for page in _pages(row)]
    assert all(address.startswith("/accounts/login/?next=") for address in leads)


def test_the_index_leads_to_all_of_them(administrator_client: Client) -> None:
    page = administrator_client.get("/admin/").content.decode()
    assert [label for label in LABELS if _address(apps.get_model(label), "changelist") not in page] == []
    assert "/add/" in page  # people and teams can be added
    assert [label for label in LABELS if _address(apps.get_model(label), "add") in page] == []


# Nothing can be changed


@every_model
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_added_or_deleted(
    label: str, method: str, people: People, administrator_client: Client
) -> None:
    row = _rows(label, people, 1)
    for address in (_address(type(row), "add"), _address(row, "delete")):
        assert getattr(administrator_client, method)(address, {"post": "yes"}).status_code == 403
    assert type(row)._default_manager.count() == 1


@every_model
def test_nothing_is_changed(label: str, people: People, administrator_client: Client) -> None:
    row = _rows(label, people, 1)
    before = model_to_dict(row)
    posted = {"state": "done", "failure": "", "holder": "", "external_id": "X", "_save": "Save"}
    assert administrator_client.post(_address(row, "change"), posted).status_code == 403
    assert administrator_client.post(_address(row, "change")).status_code == 403
    row.refresh_from_db()
    assert model_to_dict(row) == before


@every_model
def test_the_list_deletes_nothing(label: str, people: People, administrator_client: Client) -> None:
    row = _rows(label, people, 1)
    posted = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    assert administrator_client.post(_address(type(row), "changelist"), posted).status_code == 403
    assert type(row)._default_manager.count() == 1


@every_model
def test_looking_writes_nothing(label: str, people: People, administrator_client: Client) -> None:
    row = _rows(label, people, 1)
    with CaptureQueriesContext(connection) as queries:
        for page in _pages(row):
            assert administrator_client.get(page).status_code == 200
    assert [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "WITH"))] == []


# What is shown


@pytest.mark.parametrize(
    ("label", "document"), [(one, it) for one, all_ in WITH_DOCUMENTS.items() for it in all_]
)
def test_a_document_is_laid_out_and_escaped(
    label: str, document: str, people: People, administrator_client: Client
) -> None:
    row = _rows(label, people, 1)
    hostile = {HOSTILE: {"é": HOSTILE}}
    type(row)._default_manager.filter(pk=row.pk).update(**{document: hostile})
    page = administrator_client.get(_address(row, "change")).content.decode()
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
    for address in (_address(Operation, "changelist"), _address(operation, "change")):
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
    page = administrator_client.get(_address(Operation, "changelist")).content.decode()
    shown = ["covage", "save-cart", "CART-1", "outcome unknown", "7", "OutcomeUnknown", "5f2c-11"]
    assert [text for text in shown if f">{text}</td>" not in page] == []
    page = administrator_client.get(_address(operation, "change")).content.decode()
    assert "Carnet will check whether it arrived before sending anything again." in page


def test_an_order_shows_what_its_own_page_said(administrator_client: Client) -> None:
    order = an_order(1)
    assert administrator_client.get(_address(order, "change")).status_code == 200
    OrderDetail.objects.create(
        order=order, detail={"d": 1}, history=[{"h": 2}], documents=[{"p": 3}], failure="Its page is a 500."
    )
    page = administrator_client.get(_address(order, "change")).content.decode()
    shown = ["&quot;d&quot;: 1", "&quot;h&quot;: 2", "&quot;p&quot;: 3", "Its page is a 500."]
    assert [text for text in shown if text not in page] == []


@every_model
def test_a_row_leads_to_its_page_in_the_portal(
    label: str, people: People, administrator_client: Client
) -> None:
    row: Any = _rows(label, people, 1)
    page = administrator_client.get(_address(row, "change")).content.decode()
    address = {"outbox.ApiHealth": "/operations/", "sync.SyncRun": "/operations/", "sync.Lease": None}.get(
        label, ""
    )
    if address == "":
        address = row.url if label == "outbox.Operation" else row.get_absolute_url()
    assert ('class="viewsitelink"' in page) == bool(address)
    assert address is None or f'href="{address}" class="viewsitelink"' in page


def test_a_deleted_row_has_no_page_in_the_portal(people: People, administrator_client: Client) -> None:
    cart = a_cart(people.sales, deleted_at=timezone.now())
    assert "viewsitelink" not in administrator_client.get(_address(cart, "change")).content.decode()


@pytest.mark.parametrize("address", ["list", "row"])
@every_model
def test_they_hold_to_the_content_security_policy(
    label: str, address: str, people: People, administrator_client: Client
) -> None:
    row = _rows(label, people, 1)
    response = administrator_client.get(_pages(row)[address == "row"])
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    page = response.content.decode()
    assert "/static/css/admin.css" in page
    scripts = page.split("<script")[1:]
    assert scripts
    assert [script for script in scripts if ' src="/' not in script.partition(">")[0]] == []
    assert [
        word for word in ("<style", " style=", " onclick=", " onload=", "javascript:") if word in page
    ] == []


# However many rows there are


@every_model
def test_statements_do_not_grow_with_the_rows(
    label: str, people: People, administrator_client: Client
) -> None:
    counts = []
    for numbers in (range(1, 3), range(3, 9)):
        for number in numbers:
            row = _rows(label, people, number)
        with CaptureQueriesContext(connection) as queries:
            page = administrator_client.get(_address(type(row), "changelist")).content.decode()
        assert page.count('<th class="field-') == numbers.stop - 1
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("label", WITH_DOCUMENTS)
def test_a_list_reads_no_documents(label: str, people: People, administrator_client: Client) -> None:
    row = _rows(label, people, 1)
    with CaptureQueriesContext(connection) as queries:
        administrator_client.get(_address(type(row), "changelist"))
    table = row._meta.db_table
    read = [f'"{table}"."{document}"' for document in WITH_DOCUMENTS[label]]
    assert [name for name in read if any(name in query["sql"] for query in queries)] == []


# On PostgreSQL a plan for a single row says nothing; the pages' lists are planned there with thousands of rows.
@pytest.mark.once
@pytest.mark.parametrize(
    ("label", "query"),
    [
        # The newest operations and runs are read from the end of the table, by its key.
        *[(label, "") for label in LABELS if label not in ("outbox.Operation", "sync.SyncRun")],
        ("outbox.Operation", "?state__exact=refused"),
        ("sync.SyncRun", "?kind=orders"),
        ("sync.SyncRun", "?state=failed"),
        ("sync.SyncRun", "?kind=orders&state=failed"),
        ("sessions_app.Cart", "?state=created"),
        ("sessions_app.Line", "?state=created"),
        ("tracking.Order", "?state=active"),
        ("tracking.Order", "?step=connexion_planned"),
        ("extranet.CopperOrder", "?status=draft"),
        *[(label, "?q=nothing-like-this") for label in LABELS],
        *[(label, f"?q={uuid.UUID(int=7)}") for label in LABELS],
        *[(label, "?q=7") for label in LABELS],
    ],
)
def test_an_index_serves_every_list(
    label: str, query: str, people: People, administrator_client: Client
) -> None:
    table = type(_rows(label, people, 1))._meta.db_table
    with CaptureQueriesContext(connection) as queries:
        address = _address(apps.get_model(label), "changelist")
        assert administrator_client.get(f"{address}{query}").status_code == 200
    statements = [
        one["sql"] for one in queries if f'FROM "{table}"' in one["sql"] and "COUNT(" not in one["sql"]
    ]
    assert unserved(statements, table) == []


@every_model
def test_every_column_searched_begins_an_index(label: str) -> None:
    model = apps.get_model(label)
    indexed = {field.name for field in model._meta.fields if field.unique or field.db_index}
    indexed |= {index.fields[0] for index in model._meta.indexes if not index.condition}
    assert [name for name in site.get_model_admin(model).search_fields if name not in indexed] == []


def test_a_list_counts_no_further_than_it_lists(
    people: People, administrator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_only_admin, "MOST_COUNTED", 2)
    notice = "There are more than the 2 listed here. Filter, or search for a reference, to find the others."
    address = _address(SyncRun, "changelist")
    for _number in range(2):
        SyncRun.objects.create(kind="carts")
    assert notice not in administrator_client.get(address).content.decode()
    SyncRun.objects.create(kind="orders")
    assert notice in administrator_client.get(address).content.decode()
    assert notice not in administrator_client.get(f"{address}?kind=orders").content.decode()


# Search and filters


@pytest.mark.parametrize(
    ("label", "columns"),
    [
        ("outbox.Operation", ("id", "subject_id")),
        ("sync.Lease", ("name",)),
        ("sessions_app.Cart", ("id", "external_id", "upstream_id")),
        ("sessions_app.Line", ("id", "external_id", "order_reference", "upstream_id")),
        ("tracking.Order", ("reference", "uuid", "upstream_id")),
        ("extranet.CopperOrder", ("uuid", "alias", "operator_order_ref", "upstream_id")),
    ],
)
def test_a_row_is_found_by_a_whole_reference(
    label: str, columns: tuple[str, ...], people: People, administrator_client: Client
) -> None:
    row, other = _rows(label, people, 1), _rows(label, people, 2)
    for column in columns:
        search = {"q": f" {getattr(row, column)} "}
        page = administrator_client.get(_address(type(row), "changelist"), search).content.decode()
        assert (_address(row, "change") in page, _address(other, "change") in page) == (True, False)


@every_model
@pytest.mark.parametrize("typed", ["9" * 40, "%", "'", "é", "-"])
def test_what_is_no_reference_finds_nothing(
    label: str, typed: str, people: People, administrator_client: Client
) -> None:
    row = _rows(label, people, 1)
    response = administrator_client.get(_address(type(row), "changelist"), {"q": typed})
    assert response.status_code == 200
    if site.get_model_admin(type(row)).search_fields:
        assert list(response.context["cl"].result_list) == []


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"carts", "orders"}),
        ("?kind=carts", {"carts"}),
        ("?state=failed", {"orders"}),
        ("?kind=carts&state=failed", set()),
    ],
)
def test_sync_runs_are_filtered_by_kind_and_state(
    query: str, kinds: set[str], administrator_client: Client
) -> None:
    SyncRun.objects.create(kind="carts", state="done")
    SyncRun.objects.create(kind="orders", state="failed")
    response = administrator_client.get(f"{_address(SyncRun, 'changelist')}{query}")
    assert {run.kind for run in response.context["cl"].result_list} == kinds


def test_a_filter_offers_the_states_that_there_are_in_words(
    people: People, administrator_client: Client
) -> None:
    a_cart(people.sales, "ONE", state="in_progress")
    a_cart(people.sales, "TWO", state="lost_in_space")
    address = _address(apps.get_model("sessions_app.Cart"), "changelist")
    page = administrator_client.get(address).content.decode()
    assert '<a href="?state=in_progress">in progress</a>' in page
    assert '<a href="?state=lost_in_space">Lost in space</a>' in page
    assert "?state=completed" not in page


# French


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
