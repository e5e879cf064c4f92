"""Changes made here while something of ours is under way: all of them count, and none counts as theirs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from covage import Covage
from drafts.editing import read_edit
from outbox import clients
from sessions_app import ingest
from sessions_app.carts import actions as cart_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.interrupted import Interrupted
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    edit,
    elsewhere,
    only_line,
    open_cart,
    pending,
    ready_values,
    run_sync,
    send,
    upstream_fields,
    upstream_sessions,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def interrupted(call: str, meanwhile: Callable[[], object]) -> Covage:
    return Interrupted(clients.interactive_client(), call, meanwhile)  # type: ignore[return-value]


def test_a_change_taken_back_while_it_is_being_sent_is_taken_back_upstream(
    cart: Cart, sales: User, sandbox: SandboxProcess
) -> None:
    send_note(cart, sales, "as it was")
    line = edit(only_line(cart), sales, note="something else")
    cart = send(cart, interrupted("update_line", lambda: edit(line, sales, note="as it was")))
    send(cart)
    assert only_line(cart).draft["note"] == "as it was"
    assert upstream_fields(sandbox)["note"] == "as it was"


def test_a_cart_s_change_taken_back_while_it_is_being_sent_is_taken_back_upstream(
    cart: Cart, sales: User, sandbox: SandboxProcess
) -> None:
    def choose(project: str) -> None:
        cart_actions.edit_cart(cart.pk, sales, {"project_id": project}, owner=sales, team=None)

    choose("AB123")
    send(cart)
    choose("FLASH")
    send(cart, interrupted("update_session", lambda: choose("AB123")))
    send(cart)
    assert upstream_sessions(sandbox)[0]["project_id"] == "AB123"


@pytest.mark.parametrize("call", ["update_line", "create_line"])
def test_a_sync_that_shows_what_is_being_sent_asks_nobody_about_it(
    sandbox: SandboxProcess, sales: User, call: str
) -> None:
    cart = open_cart(sales)
    line = line_actions.add_line(cart.pk, sales, values=ready_values(note="first"))
    if call == "update_line":
        send(cart)
        edit(line, sales, note="second")

    def think_again_and_sync() -> None:
        edit(line, sales, note="third")
        run_sync()

    send(cart, interrupted(call, think_again_and_sync))
    assert only_line(cart).conflicts == {}
    send(cart)
    assert only_line(cart).draft["note"] == "third"
    assert upstream_fields(sandbox)["note"] == "third"


def test_a_line_given_another_reference_while_it_is_created_has_no_twin_for_a_sync(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales)
    line = line_actions.add_line(cart.pk, sales, values=ready_values(external_id="FIRST"))

    def think_again_and_sync() -> None:
        edit(line, sales, external_id="SECOND")
        run_sync()
        counts.append(cart.lines.count())

    counts: list[int] = []
    cart = send(send(cart, interrupted("create_line", think_again_and_sync)))
    assert counts == [1]
    assert only_line(cart).conflicts == {}
    assert upstream_fields(sandbox)["external_id"] == "SECOND"


@pytest.mark.parametrize("reference", ["FIRST", "SECOND"])
def test_a_cart_whose_creation_a_sync_shows_asks_nobody_about_it(
    sandbox: SandboxProcess, sales: User, reference: str
) -> None:
    cart = cart_actions.create_cart(sales, {"project_id": "AB123", "external_id": "FIRST"})

    def think_again_and_sync() -> None:
        values = {"project_id": "FLASH", "external_id": reference}
        cart_actions.edit_cart(cart.pk, sales, values, owner=sales, team=None)
        run_sync()
        counts.append(Cart.objects.count())

    counts: list[int] = []
    cart = send(cart, interrupted("create_session", think_again_and_sync))
    cart = send(cart)
    assert cart.conflicts == {}
    assert counts == [1]
    (session,) = upstream_sessions(sandbox)
    assert (session["project_id"], session["external_id"]) == ("FLASH", reference)


def test_an_answer_to_a_question_that_nobody_had_answered_is_no_conflict(
    cart: Cart, sales: User, sandbox: SandboxProcess
) -> None:
    """The vendor shows a "no" where nothing was ever said."""
    edit(only_line(cart), sales, siret_known=True, related_contact_information__0__siret="73282932000074")
    send(cart)
    assert only_line(cart).conflicts == {}
    assert pending(cart) == []
    assert upstream_fields(sandbox)["siret_known"] is True


def test_a_stranger_s_session_with_our_reference_does_not_take_the_place_of_ours(
    sandbox: SandboxProcess, sales: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken for ours, which became known before it was stored."""
    cart = cart_actions.create_cart(sales, {"external_id": "SHARED"})
    stranger = elsewhere(sandbox).create_session({"external_id": "SHARED"})
    known_rows = ingest.known_rows

    def then_ours_is_answered(*args: Any) -> dict[str, Cart]:
        known = known_rows(*args)
        send(cart)
        return known

    monkeypatch.setattr(ingest, "known_rows", then_ours_is_answered)
    assert ingest.ingest_sessions([stranger], timezone.now()) == 0
    assert Cart.objects.get().upstream_id not in (None, stranger["id"])


def test_an_answer_typed_while_the_vendor_s_no_came_in_is_taken() -> None:
    line = Line(draft={"siret_known": False, "note": "false"})
    edit = read_edit(line, {"siret_known": "true", "note": "true"}, seen={})
    assert edit.values == {"siret_known": True}
    assert edit.stale == {"note": "false"}


def send_note(cart: Cart, by: User, note: str) -> Line:
    edit(only_line(cart), by, note=note)
    send(cart)
    return only_line(cart)
