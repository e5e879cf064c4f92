"""The vendor's documents into rows: a page at a time, with what people decide left alone."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from drafts.ingest import created_as, ingest_documents, offered, values_in
from drafts.models import Event
from outbox.models import Operation
from sessions_app.models import Cart

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _cart(**columns: Any) -> Cart:
    return Cart.objects.create(**columns)


def _merge_at_noon(cart: Cart, document: dict[str, Any], offer: dict[str, Any] | None) -> None:
    cart.merge_upstream(document, NOON, offered=offer)


def _ingest(*rows: tuple[Cart, dict[str, Any]], fresh: tuple[Cart, ...] = (), **more: Any) -> list[Any]:
    return ingest_documents(
        Cart, list(fresh), {row.pk: document for row, document in rows}, _merge_at_noon, **more
    )


def _sent(cart: Cart, sent: dict[str, Any] | None, state: str = "unknown") -> Operation:
    return Operation.objects.create(
        kind="save-cart", subject_id=cart.pk, target_id=cart.pk, label="", url="", state=state, sent=sent
    )


def test_without_updates_the_database_is_not_queried() -> None:
    with CaptureQueriesContext(connection) as statements:
        assert _ingest() == []
    assert not statements


def test_a_fresh_row_is_inserted_unless_it_has_been_in_the_meantime() -> None:
    there = _cart(upstream_id="7", draft={"project_id": "FLASH"})
    _ingest(fresh=(Cart(upstream_id="7"), Cart(upstream_id="8")))
    assert set(Cart.objects.values_list("upstream_id", flat=True)) == {"7", "8"}
    there.refresh_from_db()
    assert there.draft == {"project_id": "FLASH"}


def test_an_update_is_merged_into_its_row_and_recorded_once() -> None:
    cart = _cart(draft={"project_id": "FLASH"})
    [(row, before)] = _ingest((cart, {"id": "7", "external_id": "R1", "project_id": "FLASH"}))
    assert (row.pk, before["project_id"]) == (cart.pk, "FLASH")
    cart.refresh_from_db()
    assert (cart.upstream_id, cart.draft["external_id"]) == ("7", "R1")
    event = Event.objects.get()
    assert (event.verb, event.target_id) == ("changed-upstream", cart.pk)
    assert event.changes["external_id"] == [None, "R1"]


def test_an_update_that_changes_nothing_people_see_is_not_recorded() -> None:
    cart = _cart(upstream_id="7")
    _ingest((cart, {"id": "7", "unheard_of": [1]}))
    cart.refresh_from_db()
    assert cart.upstream["unheard_of"] == [1]
    assert not Event.objects.exists()


def test_what_was_taken_for_ours_and_is_now_another_s_is_ignored() -> None:
    cart = _cart(upstream_id="7")
    assert _ingest((cart, {"id": "8", "project_id": "THEIRS"})) == []
    cart.refresh_from_db()
    assert (cart.upstream_id, cart.draft) == ("7", {})


def test_what_only_people_decide_is_not_written(django_user_model: Any) -> None:
    cart = _cart(upstream_id="7")

    def merge_while_somebody_decides(
        row: Cart, document: dict[str, Any], offer: dict[str, Any] | None
    ) -> None:
        row.merge_upstream(document, NOON)
        row.typed, row.refusals, row.external_id = {"a": "b"}, [{}], "not ours"

    ingest_documents(
        Cart,
        [],
        {cart.pk: {"id": "7", "project_id": "NEW"}},
        merge_while_somebody_decides,
        ours=("external_id",),
    )
    cart.refresh_from_db()
    assert (cart.typed, cart.refusals, cart.external_id) == ({}, [], "")
    assert cart.draft["project_id"] == "NEW"


def test_what_was_offered_and_is_shown_is_no_change_of_theirs() -> None:
    cart = _cart(upstream_id="7", draft={"project_id": "THIRD"}, upstream={"id": "7", "project_id": "FIRST"})
    _sent(cart, {"change": {"project_id": "SECOND"}})
    assert offered([cart]) == {cart.pk: {"project_id": "SECOND"}}
    _ingest((cart, {"id": "7", "project_id": "SECOND"}))
    cart.refresh_from_db()
    assert (cart.draft["project_id"], cart.conflicts) == ("THIRD", {})


@pytest.mark.parametrize("state", ["waiting", "succeeded", "refused", "withdrawn"])
def test_only_what_is_under_way_was_offered(state: str) -> None:
    cart = _cart(upstream_id="7")
    _sent(cart, {"create": {"external_id": "R1"}}, state)
    assert offered([cart]) == {}
    assert created_as({"R1"}, "external_id") == {}


def test_a_row_that_is_being_created_is_known_by_the_reference_that_was_sent() -> None:
    cart, other = _cart(external_id="R2"), _cart()
    _sent(cart, {"create": {"external_id": "R1"}})
    _sent(other, {"delete": "7"})
    _sent(_cart(), None, "sending")
    assert created_as({"R1", "R2"}, "external_id") == {cart.pk: "R1"}


@pytest.mark.parametrize(
    ("sent", "values"),
    [
        (None, {}),
        ({"create": {"a": 1}}, {"a": 1}),
        ({"change": {"b": 2}}, {"b": 2}),
        ({"delete": str(uuid.UUID(int=7))}, {}),
    ],
)
def test_the_values_that_an_operation_sends(sent: dict[str, Any] | None, values: dict[str, Any]) -> None:
    assert values_in(sent) == values


def test_many_rows_are_written_by_as_many_statements_as_few() -> None:
    counts = []
    for some in (2, 12):
        carts = [_cart(upstream_id=f"{some}-{number}") for number in range(some)]
        with CaptureQueriesContext(connection) as statements:
            _ingest(*[(cart, {"id": cart.upstream_id, "project_id": "NEW"}) for cart in carts])
        counts.append(len(statements))
    assert counts[0] == counts[1]
