"""From a confirmed line to an active order, step by step."""

from typing import Any

import pytest

from tests.sandbox.documents import confirmed, contact, got, line, lines_of, settle
from tests.sandbox.order_tracking.test_order_history import STEPS
from tests.sandbox_process import PACE, SandboxProcess

pytestmark = pytest.mark.slow

MILESTONES = ["acknowledged", "held_adv_validation", "production_in_progress", *STEPS, "active"]


def _only_order(sandbox: SandboxProcess) -> dict[str, Any]:
    [order] = got(sandbox, "order/")
    detail = got(sandbox, f"order/{order['order_reference']}/")
    return {**order, **detail}


def _states(sandbox: SandboxProcess, order: dict[str, Any]) -> list[str]:
    entries = got(sandbox, f"order/{order['order_reference']}/historic/")["results"]
    return [entry["state"] for entry in entries]


def test_a_confirmed_line_becomes_an_order_under_its_reference(sandbox: SandboxProcess) -> None:
    session_id = confirmed(sandbox, line())
    assert got(sandbox, "order/") == []

    sandbox.advance(2 * PACE)

    [ordered] = lines_of(sandbox, session_id)
    order = _only_order(sandbox)
    assert (order["id"], order["order_reference"]) == (ordered["order_reference"], "CMD_X_00000001")
    assert order["state"] == "confirmed"


def test_an_order_has_what_its_line_requested(sandbox: SandboxProcess) -> None:
    sent = line(
        end_customer_name="Lycée Ampère",
        vlan_reference=1257,
        option_ids=["194", "9"],
        offer_family="BPE",
        offer_technology="FIBDE",
        project_id="FLASH",
        external_id="ours",
        related_contact_information=[contact(contact1_lastname="Noël")],
    )
    confirmed(sandbox, sent)

    settle(sandbox)

    order = _only_order(sandbox)
    same = (
        "end_customer_name",
        "vlan_reference",
        "option_ids",
        "offer_family",
        "project_id",
        "external_id",
        "enni",
    )
    assert {name: order[name] for name in same} == {name: sent[name] for name in same}
    assert order["site_client"] == "4 RUE ANDREI SAKHAROV 76130 MONT-SAINT-AIGNAN"
    assert order["related_contact_information"][0]["contact1_lastname"] == "Noël"
    assert [option["option_id"] for option in order["product"]["options"]] == ["194", "9"]
    assert order["created_by"] == "carnet@example.test"


@pytest.mark.parametrize("edition", ["current", "tables", "earlier"])
def test_lines_of_every_edition_become_orders(edition: str) -> None:
    with SandboxProcess("--edition", edition, "--pace", str(PACE)) as process:
        session_id = process.load(sessions=1, lines=2)[0]
        process.call("PATCH", f"product_order/{session_id}/confirm/")
        settle(process)

        [first, _] = got(process, "order/")
        [contact, *_] = got(process, f"order/{first['id']}/")["related_contact_information"]
        assert contact["contact1_lastname"].endswith("Doe")


def test_a_rejected_line_becomes_no_order(sandbox: SandboxProcess) -> None:
    confirmed(sandbox, line(technical_note="REJECT"))

    settle(sandbox)

    assert got(sandbox, "order/") == []


def test_an_order_passes_every_milestone_by_itself(sandbox: SandboxProcess) -> None:
    confirmed(sandbox, line())

    sandbox.advance(5 * PACE)
    assert _only_order(sandbox)["state"] == "in_progress"
    sandbox.advance(15 * PACE)

    order = _only_order(sandbox)
    assert order["state"] == "active"
    assert order["completion_date"] < order["commitment_end_date"]
    assert _states(sandbox, order) == MILESTONES


def test_without_a_pace_an_order_is_active_at_once() -> None:
    with SandboxProcess("--pace", "0") as process:
        confirmed(process, line())

        assert _only_order(process)["state"] == "active"


def test_the_modification_date_moves_with_every_step(sandbox: SandboxProcess) -> None:
    confirmed(sandbox, line())
    settle(sandbox)
    before = _only_order(sandbox)
    states = _states(sandbox, before)

    sandbox.advance(PACE)

    after = _only_order(sandbox)
    assert _states(sandbox, after) == MILESTONES[: len(states) + 1]
    assert after["modification_date"] > before["modification_date"]


def test_appointments_of_new_orders_lie_ahead(sandbox: SandboxProcess) -> None:
    confirmed(sandbox, line())
    settle(sandbox)
    reference = _only_order(sandbox)["order_reference"]

    while (history := sandbox.go_on(reference)["history"])[-1]["state"] != "connexion_planned":
        pass

    assert history[-1]["change_reason"].startswith("Rendez-vous le ")


def test_new_orders_come_after_those_of_the_past(tracking: SandboxProcess) -> None:
    session_id = confirmed(tracking, line())
    settle(tracking)

    assert got(tracking, "order/")[-1]["order_reference"] == "CMD_X_00000601"
    [ordered] = lines_of(tracking, session_id)
    detail = got(tracking, f"order/{ordered['order_reference']}/")
    assert detail["order_reference"] == "CMD_X_00000601"


def test_the_past_goes_on_slowly_at_a_demonstrations_pace() -> None:
    with SandboxProcess("--orders", "400", "--pace", "2") as process:
        before = got(process, "order/")
        process.advance(30 * 40 * 2)
        after = got(process, "order/")

        moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert 1 <= len(moved) <= 31
        assert all(new["modification_date"] > old["modification_date"] for old, new in moved)


def test_the_past_stands_still_at_a_tests_pace(tracking: SandboxProcess) -> None:
    before = got(tracking, "order/")

    tracking.advance(400 * 40 * PACE)

    assert got(tracking, "order/") == before
