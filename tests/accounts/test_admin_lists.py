"""The lists of the read-only administration: cheap however many rows there are, searched by reference, filtered."""

import uuid

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import read_only_admin
from sync.models import SyncRun
from tests.accounts.admin_helpers import LABELS, WITH_DOCUMENTS, a_row, address_of, every_model
from tests.conftest import People
from tests.plans import unserved
from tests.portal.world import a_cart

pytestmark = pytest.mark.postgresql

# However many rows there are


@every_model
def test_statements_do_not_grow_with_the_rows(
    label: str, people: People, administrator_client: Client
) -> None:
    counts = []
    for numbers in (range(1, 3), range(3, 9)):
        for number in numbers:
            row = a_row(label, people, number)
        with CaptureQueriesContext(connection) as queries:
            page = administrator_client.get(address_of(type(row), "changelist")).content.decode()
        assert page.count('<th class="field-') == numbers.stop - 1
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("label", WITH_DOCUMENTS)
def test_a_list_reads_no_documents(label: str, people: People, administrator_client: Client) -> None:
    row = a_row(label, people, 1)
    with CaptureQueriesContext(connection) as queries:
        administrator_client.get(address_of(type(row), "changelist"))
    table = row._meta.db_table
    read = [f'"{table}"."{document}"' for document in WITH_DOCUMENTS[label]]
    assert [name for name in read if any(name in query["sql"] for query in queries)] == []


@pytest.mark.skipif(connection.vendor == "postgresql", reason="its plan for a single row says nothing")
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
    table = type(a_row(label, people, 1))._meta.db_table
    with CaptureQueriesContext(connection) as queries:
        address = address_of(apps.get_model(label), "changelist")
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
    address = address_of(SyncRun, "changelist")
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
    row, other = a_row(label, people, 1), a_row(label, people, 2)
    for column in columns:
        search = {"q": f" {getattr(row, column)} "}
        page = administrator_client.get(address_of(type(row), "changelist"), search).content.decode()
        assert (address_of(row, "change") in page, address_of(other, "change") in page) == (True, False)


@every_model
@pytest.mark.parametrize("typed", ["9" * 40, "%", "'", "é", "-"])
def test_what_is_no_reference_finds_nothing(
    label: str, typed: str, people: People, administrator_client: Client
) -> None:
    row = a_row(label, people, 1)
    response = administrator_client.get(address_of(type(row), "changelist"), {"q": typed})
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
    response = administrator_client.get(f"{address_of(SyncRun, 'changelist')}{query}")
    assert {run.kind for run in response.context["cl"].result_list} == kinds


def test_a_filter_offers_the_states_that_there_are_in_words(
    people: People, administrator_client: Client
) -> None:
    a_cart(people.sales, "ONE", state="in_progress")
    a_cart(people.sales, "TWO", state="lost_in_space")
    address = address_of(apps.get_model("sessions_app.Cart"), "changelist")
    page = administrator_client.get(address).content.decode()
    assert '<a href="?state=in_progress">in progress</a>' in page
    assert '<a href="?state=lost_in_space">Lost in space</a>' in page
    assert "?state=completed" not in page
