"""What tests can do to orders through the control API, and what a restart keeps of them."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.sandbox.documents import a_reference, confirmed, created, got, line, settle
from tests.sandbox_process import PACE, SandboxProcess

pytestmark = pytest.mark.slow


def _without_orders(document: dict[str, Any]) -> str:
    known = ("clock_offset", "next_number", "sessions")
    return json.dumps({name: document[name] for name in known})


def test_orders_can_be_found_by_state(tracking: SandboxProcess) -> None:
    orders = tracking.orders("active", 3)

    assert [order["state"] for order in orders] == ["active"] * 3
    assert tracking.orders("unheard_of") == []


def test_an_order_can_be_advanced(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking, "in_progress")
    before = got(tracking, f"order/{reference}/historic/")["results"]

    after = tracking.go_on(reference, steps=1)

    assert after["history"][:-1] == before
    assert tracking.go_on(reference, steps=20)["order"]["state"] == "active"
    assert tracking.go_on(reference)["order"]["state"] == "active"


def test_an_order_put_back_into_production_has_no_step_left(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking)
    tracking.on_order(reference, "change", {"state": "in_progress"})

    assert tracking.go_on(reference)["order"]["state"] == "in_progress"


def test_an_order_can_be_changed_elsewhere(tracking: SandboxProcess) -> None:
    [before] = tracking.orders("active")
    reference = before["order_reference"]

    tracking.on_order(reference, "change", {"bandwidth": "40G", "project_id": "NEW", "brand_new": [1]})

    detail = got(tracking, f"order/{reference}/")
    assert (detail["bandwidth"], detail["project_id"], detail["brand_new"]) == ("40G", "NEW", [1])
    [after] = [order for order in got(tracking, "order/") if order["order_reference"] == reference]
    assert after["project_id"] == "NEW"
    assert after["modification_date"] > before["modification_date"]


def test_a_history_can_hold_anything(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking)

    tracking.on_order(
        reference, "history", {"state": "lost_in_space", "change_date": "2026-01-01T00:00:00+01:00"}
    )

    last = got(tracking, f"order/{reference}/historic/")["results"][-1]
    assert last == {
        "change_reason": "",
        "change_date": "2026-01-01T00:00:00+01:00",
        "state": "lost_in_space",
    }
    assert got(tracking, f"order/{reference}/")["state"] == "active"


@pytest.mark.parametrize("filename", ["../../etc/passwd", "a/b.pdf", "page.html", "é è.pdf", "..", "50%.pdf"])
def test_a_document_can_have_any_name_bytes_and_type(tracking: SandboxProcess, filename: str) -> None:
    reference = a_reference(tracking)
    document = {"type": "BDC", "filename": filename, "text": "<b>no PDF</b>", "content_type": "text/html"}

    tracking.on_order(reference, "documents", document)

    listed = {each["type"]: each["values"] for each in got(tracking, f"order/{reference}/documents/")}
    assert filename in listed["BDC"]
    path = f"order/{reference}/{quote(filename, safe='')}/download/"
    if filename == "..":
        return  # no client sends such a path: it means the folder above
    answer = tracking.call("GET", path)
    assert (answer.text, answer.headers["Content-Type"]) == ("<b>no PDF</b>", "text/html")


def test_an_order_can_disappear(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking)

    tracking.remove_order(reference)

    assert tracking.call("GET", f"order/{reference}/").status_code == 404
    references = [order["order_reference"] for order in got(tracking, "order/")]
    assert len(references) == 599
    assert reference not in references


@pytest.mark.parametrize(
    ("call", "document"),
    [
        ("advance", {"steps": 0}),
        ("advance", {"steps": True}),
        ("advance", []),
        ("history", {}),
        ("history", {"state": "x", "change_date": "yesterday"}),
        ("documents", {"type": "BDC"}),
        ("documents", {"type": "BDC", "filename": "a.pdf", "base64": "é"}),
    ],
)
def test_nonsense_is_refused(tracking: SandboxProcess, call: str, document: Any) -> None:
    with pytest.raises(requests.HTTPError, match="400"):
        tracking.on_order(a_reference(tracking), call, document)


@pytest.mark.parametrize("name", ["orders/CMD_X_00009999/advance", "orders/CMD_X_00000001/explode"])
def test_what_is_unknown_is_not_found(tracking: SandboxProcess, name: str) -> None:
    with pytest.raises(requests.HTTPError, match="404"):
        tracking.control("POST", name, {})


def test_a_reset_brings_the_past_back(tracking: SandboxProcess) -> None:
    before = got(tracking, "order/")
    created(tracking, f"order/{a_reference(tracking)}/terminate/", {"reason": "Cessation d'activité"})
    tracking.remove_order(a_reference(tracking))
    confirmed(tracking, line())
    settle(tracking)

    tracking.reset()

    assert got(tracking, "order/") == before


def test_a_restart_finds_orders_requests_and_exports_again(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    with SandboxProcess("--state", str(state), "--pace", str(PACE), "--orders", "60") as process:
        confirmed(process, line())
        settle(process)
        created(process, f"order/{a_reference(process)}/terminate/", {"reason": "Cessation d'activité"})
        process.remove_order(a_reference(process))
        task_id = process.call("POST", "order/export/csv/").json()["task_id"]
        before, listed = process.state(), got(process, "order/")
        process.stop()

        process.arguments = (*process.arguments, "--orders", "10")
        process.start()

        assert process.state() == before
        assert got(process, "order/") == listed
        process.advance(PACE)
        assert got(process, f"order/export/{task_id}/status/")["success"] is True
        process.advance(20 * PACE)
        assert got(process, "order/")[-1]["state"] == "active"


def test_a_state_file_from_before_there_were_orders_is_restored(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    with SandboxProcess("--state", str(state), "--pace", str(PACE)) as process:
        confirmed(process, line())
        settle(process)
        document = process.state()
    state.write_text(_without_orders(document))

    with SandboxProcess("--state", str(state), "--pace", str(PACE), "--orders", "10") as process:
        assert len(got(process, "order/")) == 11


def test_a_state_file_with_earlier_names_of_fields_is_restored(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    flags = ("--state", str(state), "--pace", str(PACE), "--orders", "60", "--copper", "40")
    with SandboxProcess(*flags) as process:
        process.on_order(a_reference(process), "documents", {"type": "BDC", "filename": "a.pdf", "text": "A"})
        [copper] = process.copper("running")
        process.on_copper(copper["order_uuid"], "status", {"status": "running"})
        before = process.state()
    earlier = json.dumps(before).replace('"extra_documents"', '"extra_papers"')
    state.write_text(earlier.replace('"next_statuses"', '"way"'))

    with SandboxProcess(*flags) as process:
        assert process.state() == before
