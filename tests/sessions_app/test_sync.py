"""Vendor → rows: what changed is ingested, what did not costs nothing, what failed leaves the rest."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from covage import BadAnswer
from drafts.models import Event
from sessions_app import sync
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from sync.models import SyncRun
from tests.sandbox import documents
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    confirm,
    edit,
    elsewhere,
    only_line,
    open_cart,
    ready_values,
    run_sync,
    send,
    upstream_fields,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

STEP = 3600


def _changed_elsewhere(sandbox: SandboxProcess, line: Line, **changes: Any) -> None:
    elsewhere(sandbox).update_line(line.cart.upstream_id or "", line.upstream_id or "", changes)


# What is ingested


@pytest.mark.parametrize("full", [False, True])
def test_a_change_made_elsewhere_is_ingested_and_recorded(
    sandbox: SandboxProcess, cart: Cart, full: bool
) -> None:
    run_sync()
    _changed_elsewhere(sandbox, only_line(cart), note="Theirs", enni="CN012382")
    elsewhere(sandbox).update_session(cart.upstream_id or "", {"project_id": "FLASH"})
    run_sync(full=full)
    line = only_line(cart)
    assert (line.draft["note"], line.draft["enni"]) == ("Theirs", "CN012382")
    assert line.cart.project_id == "FLASH"
    assert line.unsent == line.cart.unsent == []
    event = Event.objects.get(verb="changed-upstream", target_id=line.pk, changes__has_key="note")
    assert event.changes["enni"] == ["CN012345", "CN012382"]
    assert event.actor is None


def test_a_change_on_both_sides_is_listed_and_settled_by_keeping_ours(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    line = _in_conflict(sandbox, cart, sales)
    assert Cart.objects.get().missing_count == 1
    line_actions.settle_conflict(line.pk, sales, "note", ours=True)
    cart = send(cart)
    assert upstream_fields(sandbox)["note"] == "Ours"
    assert cart.missing_count == 0


def test_a_change_on_both_sides_is_settled_by_taking_theirs(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    line = _in_conflict(sandbox, cart, sales)
    line_actions.settle_conflict(line.pk, sales, "note", ours=False)
    cart = send(cart)
    assert upstream_fields(sandbox)["note"] == only_line(cart).draft["note"] == "Theirs"
    assert cart.missing_count == 0


def _in_conflict(sandbox: SandboxProcess, cart: Cart, sales: User) -> Line:
    sandbox.down()
    line = only_line(cart)
    edit(line, sales, note="Ours")
    sandbox.down(False)
    _changed_elsewhere(sandbox, line, note="Theirs")
    run_sync()
    line = only_line(cart)
    assert line.conflicts == {"note": {"was": None, "theirs": "Theirs"}}
    assert line.unsent == []
    assert line.draft["note"] == "Ours"
    send(cart)
    assert upstream_fields(sandbox)["note"] == "Theirs", "nothing is sent before a person decides"
    return only_line(cart)


def test_the_reference_of_a_cart_can_be_in_conflict_too(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    cart_actions.edit_cart(cart.pk, sales, {"project_id": "OURS"}, owner=sales, team=None)
    elsewhere(sandbox).update_session(cart.upstream_id or "", {"project_id": "THEIRS"})
    run_sync()
    cart = Cart.objects.get()
    assert cart.conflicts == {"project_id": {"was": None, "theirs": "THEIRS"}}
    assert cart.missing_count == 1
    assert cart_actions.settle_cart_conflict(cart.pk, sales, "external_id", ours=True).conflicts, (
        "there is none at that"
    )
    cart_actions.settle_cart_conflict(cart.pk, sales, "project_id", ours=True)
    cart = send(cart)
    assert (cart.upstream["project_id"], cart.missing_count) == ("OURS", 0)


def test_fields_that_answers_leave_out_never_erase_ours(sandbox: SandboxProcess, sales: User) -> None:
    cart = open_cart(sales)
    kept = {
        "siret_known": True,
        "specific_request": "By crane",
        "access_instructions": "Ring twice",
        "scheduled_delivery_date": "2027-01-05",
        "additional_vlan_reference": "12,13",
        "offer_family": "BPE",
    }
    line_actions.add_line(cart.pk, sales, values=ready_values(**kept))
    send(cart)
    run_sync()
    run_sync(full=True)
    line = only_line(cart)
    assert {name: line.draft[name] for name in kept} == kept
    assert line.unsent == []


def test_a_session_and_its_line_from_elsewhere_appear_as_nobodys_until_someone_takes_them(
    sandbox: SandboxProcess, sales: User
) -> None:
    other = elsewhere(sandbox)
    session = other.create_session({"external_id": "IS-1", "project_id": "FLASH"})["id"]
    other.create_line(session, documents.line(offer_family="DIA", enni="", siret_known=True))
    run_sync()
    cart = Cart.objects.get()
    assert (cart.external_id, cart.owner, cart.team, cart.project_id) == ("IS-1", None, None, "FLASH")
    line = only_line(cart)
    assert line.draft["offer_family"] == "DIA", "it is read in full, which alone shows that no ENNI is wanted"
    assert [item.path for item in line.missing()] == ["related_contact_information.0.siret"]
    assert cart.missing_count == 1

    assert cart_actions.take_cart(cart.pk, sales).owner == sales
    run_sync()
    assert Cart.objects.get().owner == sales


def test_a_line_added_elsewhere_to_a_cart_of_ours_appears_in_it(sandbox: SandboxProcess, cart: Cart) -> None:
    run_sync()
    elsewhere(sandbox).create_line(cart.upstream_id or "", documents.line(external_id="IS-2"))
    run_sync()
    assert set(cart.lines.values_list("external_id", flat=True)) == {_first_line(cart).external_id, "IS-2"}
    assert Cart.objects.get().missing_count == 0


def _first_line(cart: Cart) -> Line:
    return cart.lines.earliest("created_at")


def test_a_session_with_our_reference_that_is_older_is_not_taken_for_ours(
    sandbox: SandboxProcess, sales: User
) -> None:
    session = elsewhere(sandbox).create_session({"external_id": "IS-1"})
    made = datetime.fromisoformat(session["creation_date"])
    cart = cart_actions.create_cart(sales, {"external_id": "IS-1"})
    Cart.objects.filter(pk=cart.pk).update(created_at=made + timedelta(hours=1))
    run_sync()
    cart.refresh_from_db()
    assert cart.upstream_id is None
    assert Cart.objects.get(upstream_id=session["id"]).owner is None


def test_what_was_deleted_before_it_was_sent_is_not_found_by_its_reference(
    sandbox: SandboxProcess, sales: User
) -> None:
    deleted = cart_actions.create_cart(sales, {"external_id": "IS-1"})
    cart_actions.delete_cart(deleted.pk, sales)
    session = elsewhere(sandbox).create_session({"external_id": "IS-1"})
    run_sync()
    assert Cart.objects.get(upstream_id=session["id"]) != deleted


def test_of_two_lines_with_one_reference_the_one_that_was_sent_is_recognised(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales)
    first, second = (
        line_actions.add_line(cart.pk, sales, values=ready_values(external_id="IS-1")) for _ in range(2)
    )
    sandbox.faults([{"fault": "drop_after", "method": "POST", "times": 1}])
    send(cart)
    run_sync()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.upstream_id
    assert second.upstream_id is None


# States


def test_the_states_of_a_confirmed_cart_and_its_lines_are_followed_to_the_end(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    cart = confirm(cart, sales)
    sandbox.advance(5 * STEP)
    run_sync()
    cart = Cart.objects.get()
    assert cart.state == "completed"
    assert only_line(cart).state not in ("created", "")
    assert cart.completion_date is not None


@pytest.mark.parametrize("full", [False, True])
def test_why_a_line_was_rejected_is_read_even_when_the_session_closed_between_two_runs(
    sandbox: SandboxProcess, sales: User, full: bool
) -> None:
    cart = open_cart(sales)
    line_actions.add_line(cart.pk, sales, values=ready_values(technical_note="REJECT"))
    cart = confirm(send(cart), sales)
    sandbox.advance(5 * STEP)
    run_sync(full=full)
    line = only_line(cart)
    assert (line.cart.state, line.state) == ("rejected", "rejected_creation")
    assert [reason["code"] for reason in confirmation_actions.rejections(line)] == ["FEASIBILITY"]


def test_a_lines_state_is_followed_for_a_while_after_its_session_closed(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    run_sync()
    confirm(cart, sales)
    sandbox.advance(5 * STEP)
    run_sync()
    run_sync()
    line = only_line(cart)
    before = line.upstream | {"state": "on_its_way"}
    Line.objects.filter(pk=line.pk).update(state="on_its_way", upstream=before)
    run_sync()
    assert only_line(cart).state == line.state != "on_its_way"


# What disappears


def test_a_session_that_is_gone_is_marked_and_kept_with_its_lines(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    run_sync()
    edit(only_line(cart), sales, note="Mine")
    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    row = run_sync()
    line = only_line(cart)
    assert row.gone == 1
    assert line.cart.gone_at is not None
    assert line.gone_at is not None
    assert line.draft["note"] == "Mine"
    assert not line.cart.is_draft
    assert run_sync().gone == 0


def test_a_line_that_is_gone_is_marked_and_the_rest_of_its_cart_stays(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales, lines=2)
    line = _first_line(cart)
    elsewhere(sandbox).delete_line(cart.upstream_id or "", line.upstream_id or "")
    run_sync()
    assert set(cart.lines.filter(gone_at=None).values_list("pk", flat=True)) == set(
        cart.lines.exclude(pk=line.pk).values_list("pk", flat=True)
    )


def test_what_comes_back_is_there_again(sandbox: SandboxProcess, cart: Cart) -> None:
    run_sync()
    Cart.objects.update(gone_at=cart.seen_at)
    Line.objects.update(gone_at=cart.seen_at)
    run_sync()
    line = only_line(cart)
    assert line.cart.gone_at is line.gone_at is None


def test_a_full_run_finds_that_a_cart_that_was_closed_long_ago_is_gone(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    confirm(cart, sales)
    sandbox.advance(5 * STEP)
    run_sync()
    sandbox.reset()
    assert run_sync().gone == 0
    assert run_sync(full=True).gone == 1


# Drafts that expire


def test_a_draft_past_its_90_days_is_not_ready_any_more(sandbox: SandboxProcess, cart: Cart) -> None:
    run_sync()
    line = only_line(cart)
    assert line.expires_on == timezone.localdate(line.created_at) + timedelta(days=90)
    Line.objects.filter(pk=line.pk).update(expires_on=datetime.now(UTC).date())
    run_sync()
    line = only_line(cart)
    assert line.missing()[0].message.startswith("This draft expired")
    assert (line.missing_count, line.cart.missing_count) == (1, 1)
    assert not Cart.objects.ready().exists()


# Cost


@pytest.mark.parametrize(
    ("in_a_cart", "in_all"), [(50, 500), pytest.param(500, 5000, marks=pytest.mark.slow)]
)
def test_a_second_sync_of_unchanged_lines_writes_none_and_costs_by_the_page(
    sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, in_a_cart: int, in_all: int
) -> None:
    monkeypatch.setattr(sync, "ON_ITS_PAGE", ("id",))  # as if every line had been read in full already
    monkeypatch.setattr(sync, "ROWS_AT_ONCE", in_a_cart)
    few, few_pages = _second_sync(sandbox, sessions=2, lines=in_a_cart)
    many, many_pages = _second_sync(sandbox, sessions=8, lines=in_a_cart)
    assert Line.objects.filter(gone_at=None).count() == in_all
    assert many_pages - few_pages == 8
    assert many - few <= 10 * 8


def _second_sync(sandbox: SandboxProcess, *, sessions: int, lines: int) -> tuple[int, int]:
    """Fill up, sync twice, see that the second one changes nothing; its number of statements and of pages."""
    sandbox.load(sessions, lines)
    assert run_sync().changed >= sessions * lines
    with CaptureQueriesContext(connection) as captured:
        row = run_sync(full=True)
    assert (row.changed, row.gone) == (0, 0)
    assert [query["sql"] for query in captured if _is_write(query["sql"])] == []
    return len(captured), row.pages


def _is_write(sql: str) -> bool:
    changes = sql.startswith(("INSERT", "UPDATE", "DELETE"))
    return changes and ('"sessions_app_cart"' in sql or '"sessions_app_line"' in sql)


# What fails


def test_a_sync_that_fails_half_way_says_so_and_leaves_the_rest_as_it_was(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    run_sync()
    other = elsewhere(sandbox)
    other.create_session({"external_id": "IS-1"})
    _changed_elsewhere(sandbox, only_line(cart), note="Theirs")
    last_synced_at = SyncRun.objects.last_synced_at("carts")
    sandbox.faults([{"fault": "html", "method": "GET", "path": "/product_order_item/"}])
    with pytest.raises(BadAnswer):
        run_sync(full=True)
    row = SyncRun.objects.latest("id")
    assert row.state == SyncRun.State.FAILED
    assert "product_order_item" in row.error
    assert row.finished_at is not None
    assert Cart.objects.filter(external_id="IS-1").exists(), "what was ingested before stays"
    assert only_line(cart).draft.get("note") is None
    assert not Cart.objects.exclude(gone_at=None).exists(), "nothing counts as gone after half a listing"
    assert SyncRun.objects.last_synced_at("carts") == last_synced_at

    sandbox.faults([])
    run_sync()
    assert only_line(cart).draft["note"] == "Theirs"
