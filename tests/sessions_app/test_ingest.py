"""A page of the vendor's documents into rows: what is new, what is old, and what makes no sense."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from drafts.models import Event
from outbox import clients
from sessions_app import ingest, sync
from sessions_app.models import Cart, Line
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import edit, only_line, send

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_states_and_fields_that_nobody_knows_are_kept(sandbox: SandboxProcess, cart: Cart) -> None:
    line = only_line(cart)
    session = {"id": cart.upstream_id, "state": "on_the_moon", "brand_new": [1]}
    ingest.ingest_sessions([session], _later(cart))
    item = {"id": line.upstream_id, "state": "half_done", "brand_new": {"a": 1}}
    ingest.ingest_details([session | {"product_order_item": [item]}], _later(cart))
    line = only_line(cart)
    assert (line.cart.state, line.state) == ("on_the_moon", "half_done")
    assert line.upstream["brand_new"] == {"a": 1}
    assert line.cart.upstream["brand_new"] == [1]


def _later(cart: Cart) -> datetime:
    assert cart.seen_at is not None
    return cart.seen_at + timedelta(minutes=1)


def test_an_answer_requested_earlier_never_overwrites_what_is_newer(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    assert cart.seen_at is not None
    before = cart.seen_at - timedelta(seconds=1)
    line = only_line(cart)
    page = [detail := clients.client().session(cart.upstream_id or "")]
    edit(line, sales, note="Newer")
    cart = send(cart)
    assert ingest.ingest_details(page, before) == 0
    assert (
        ingest.ingest_line_summaries([detail["product_order_item"][0] | {"state": "in_progress"}], before)
        == 0
    )
    line = only_line(cart)
    assert (line.draft["note"], line.state) == ("Newer", "created")


def test_what_was_created_during_a_listing_does_not_count_as_gone(
    sandbox: SandboxProcess, cart: Cart
) -> None:
    assert cart.seen_at is not None
    ingest.ingest_details(
        [{"id": cart.upstream_id, "product_order_item": []}], cart.seen_at - timedelta(seconds=1)
    )
    assert only_line(cart).gone_at is None
    assert sync.mark_gone(cart, cart.seen_at - timedelta(seconds=1)) == 0


def test_documents_without_an_id_are_left_out(sandbox: SandboxProcess, cart: Cart) -> None:
    at = _later(cart)
    assert ingest.ingest_sessions([{"external_id": "no id"}], at) == 0
    items: list[dict[str, Any]] = [{"note": "no id"}]
    assert ingest.ingest_line_summaries([*items, {"id": "x", "product_order_id": "unheard of"}], at) == 0
    assert ingest.ingest_line_details(items, at) == 0
    assert Cart.objects.count() == Line.objects.count() == 1


def test_a_site_contact_that_is_no_document_does_no_harm(sandbox: SandboxProcess, cart: Cart) -> None:
    item = {"id": only_line(cart).upstream_id, "related_contact_information": "none"}
    ingest.ingest_line_details([item], _later(cart))
    assert only_line(cart).draft.get("related_contact_information") is None


def test_ingesting_the_same_twice_writes_nothing(cart: Cart) -> None:
    detail = clients.client().session(cart.upstream_id or "")
    ingest.ingest_details([detail], _later(cart))
    with CaptureQueriesContext(connection) as captured:
        assert ingest.ingest_details([detail], _later(cart) + timedelta(minutes=1)) == 0
    assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []


def test_what_changed_is_recorded_once_with_before_and_after(cart: Cart) -> None:
    line = only_line(cart)
    item = {"id": line.upstream_id, "note": "Theirs", "state": "in_progress"}
    assert ingest.ingest_line_details([item], _later(cart)) == 1
    assert ingest.ingest_line_details([item], _later(cart)) == 0
    event = Event.objects.get(verb="changed-upstream", target_id=line.pk)
    assert event.changes == {"note": [None, "Theirs"], "state": ["created", "in_progress"]}


def test_what_only_people_here_decide_is_left_alone(cart: Cart, sales: User) -> None:
    line = only_line(cart)
    Line.objects.filter(pk=line.pk).update(typed={"vlan_reference": "many"})
    ingest.ingest_line_details([{"id": line.upstream_id, "note": "Theirs"}], _later(cart))
    ingest.ingest_sessions([{"id": cart.upstream_id, "project_id": "FLASH"}], _later(cart))
    line = only_line(cart)
    assert line.typed == {"vlan_reference": "many"}
    assert (line.cart.owner, line.cart.project_id) == (sales, "FLASH")


def test_columns_follow_the_documents_and_bear_values_of_any_length(cart: Cart) -> None:
    item = {
        "id": only_line(cart).upstream_id,
        "end_customer_name": "x" * 1000,
        "order_reference": "PO_" + "9" * 1000,
        "state": "s" * 1000,
        "creation_date": "2026-01-05T10:00:00+01:00",
        "expiration_date": "2026-04-05",
        "scheduled_delivery_date": "not a date",
    }
    ingest.ingest_line_details([item], _later(cart))
    line = only_line(cart)
    assert (len(line.end_customer_name), len(line.order_reference), len(line.state)) == (250, 100, 40)
    assert str(line.expires_on) == "2026-04-05"
    assert line.scheduled_delivery_date is None
    assert line.draft["scheduled_delivery_date"] == "not a date"


def test_a_draft_whose_end_the_vendor_does_not_tell_ends_after_90_days(cart: Cart) -> None:
    item = {"id": only_line(cart).upstream_id, "creation_date": "2026-01-05T23:30:00Z"}
    ingest.ingest_line_details([item], _later(cart))
    assert str(only_line(cart).expires_on) == "2026-04-06", "it was the 6th of January in Paris"
