"""The histories of orders, and the documents that come with their steps."""

import re
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.sandbox.documents import got
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

STEPS = [
    "production_manager_assigned",
    "optical_route_received",
    "technical_visit_planned",
    "technical_visit_completed",
    "technical_visit_report_published",
    "connexion_planned",
    "connexion_completed",
    "service_configured",
    "service_controlled",
    "delivery_report_published",
    "intervention_report_published",
]


def _history(sandbox: SandboxProcess, order: dict[str, Any]) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = got(sandbox, f"order/{order['order_reference']}/historic/")["results"]
    return entries


def _documents(sandbox: SandboxProcess, order: dict[str, Any]) -> dict[str, list[str]]:
    documents = got(sandbox, f"order/{order['order_reference']}/documents/")
    return {document["type"]: document["values"] for document in documents}


def _download(sandbox: SandboxProcess, order: dict[str, Any], filename: str) -> requests.Response:
    return sandbox.call("GET", f"order/{order['order_reference']}/{quote(filename, safe='')}/download/")


def test_an_active_order_has_passed_every_milestone(tracking: SandboxProcess) -> None:
    [order] = tracking.orders("active")

    states = list(dict.fromkeys(entry["state"] for entry in _history(tracking, order)))

    milestones = ["acknowledged", "held_adv_validation", "production_in_progress", *STEPS, "active"]
    assert [state for state in states if state in milestones] == milestones


def test_every_history_goes_forward_on_working_days(tracking: SandboxProcess) -> None:
    for state in ("active", "in_progress", "terminated", "cancelled", "rejected"):
        for order in tracking.orders(state, 10):
            entries = _history(tracking, order)
            moments = [datetime.fromisoformat(entry["change_date"]) for entry in entries]

            assert all(before <= after for before, after in pairwise(moments))
            assert all(moment.weekday() < 5 and 8 <= moment.hour < 18 for moment in moments)
            assert all(entry.keys() == {"change_reason", "change_date", "state"} for entry in entries)


@pytest.mark.parametrize("state", ["terminated", "cancelled", "rejected", "terminate_in_progress"])
def test_a_history_ends_in_the_orders_own_state(tracking: SandboxProcess, state: str) -> None:
    for order in tracking.orders(state, 5):
        assert _history(tracking, order)[-1]["state"] == state


def test_production_is_spread_over_its_steps(tracking: SandboxProcess) -> None:
    reached = {_history(tracking, order)[-1]["state"] for order in tracking.orders("in_progress", 40)}

    assert len(reached & set(STEPS)) >= 5


def test_a_planned_step_shows_its_appointment(tracking: SandboxProcess) -> None:
    entries = [entry for order in tracking.orders("active", 30) for entry in _history(tracking, order)]
    planned = [entry["change_reason"] for entry in entries if entry["state"].endswith("_planned")]

    assert all(re.search(r"Rendez-vous le \d\d/\d\d/\d{4}( à \d\d:(00|30))?$", reason) for reason in planned)
    assert any(reason.startswith("Client absent") for reason in planned)


def test_an_appointment_is_kept_on_its_day(tracking: SandboxProcess) -> None:
    for order in tracking.orders("active", 10):
        for entry, following in pairwise(_history(tracking, order)):
            if following["state"] == "connexion_completed":
                day = datetime.fromisoformat(following["change_date"])
                assert f"le {day:%d/%m/%Y}" in entry["change_reason"]


def test_a_few_histories_have_an_undocumented_state(tracking: SandboxProcess) -> None:
    entries = [entry for order in tracking.orders("active", 300) for entry in _history(tracking, order)]

    undocumented = {"road_permit_requested", "held_customer_works", "copper_fallback_checked"}
    assert {entry["state"] for entry in entries} & undocumented


def test_documents_come_with_the_steps(tracking: SandboxProcess) -> None:
    [active], [confirmed] = tracking.orders("active"), tracking.orders("confirmed")

    assert _documents(tracking, confirmed).keys() == {"BDC"}
    assert _documents(tracking, active).keys() == {"BDC", "CRVT", "PVL", "CRI"}
    assert _documents(tracking, active)["BDC"] == [f"{active['order_reference']}_1.pdf"]


def test_every_document_is_a_pdf_that_names_its_order(tracking: SandboxProcess) -> None:
    [order] = tracking.orders("active")
    for values in _documents(tracking, order).values():
        answer = _download(tracking, order, values[0])

        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-1.4\n")
        assert answer.content.endswith(b"%%EOF\n")
        assert answer.content.count(b"/Type /Page ") == 2
        assert order["order_reference"].encode() in answer.content


def test_the_table_of_a_pdf_points_to_its_objects(tracking: SandboxProcess) -> None:
    [order] = tracking.orders("active")
    content = _download(tracking, order, f"{order['order_reference']}_1.pdf").content

    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", content)]
    assert [content[place:].split(b" ", 1)[0] for place in places] == [
        str(number).encode() for number in range(1, len(places) + 1)
    ]
    start = int(content.rpartition(b"startxref\n")[2].split()[0])
    assert content[start:].startswith(b"xref\n")


def test_accents_are_written_as_the_font_has_them(tracking: SandboxProcess) -> None:
    [order] = tracking.orders("active")
    filename = f"{order['order_reference']} procès-verbal.pdf"

    assert "Procès-verbal de livraison".encode("cp1252") in _download(tracking, order, filename).content


def test_a_document_of_another_order_is_not_found(tracking: SandboxProcess) -> None:
    one, other = tracking.orders("active", 2)

    assert _download(tracking, one, f"{other['order_reference']}_1.pdf").status_code == 404
