"""What becomes of confirmed lines and of their session, step by step."""

from typing import Any

import pytest

from tests.sandbox.documents import confirmed, contact, got, line, lines_of, session_state, settle
from tests.sandbox_process import PACE, SandboxProcess

pytestmark = pytest.mark.slow

GOOD = line()
REJECTED = line(technical_note="REJECT me")
CREATED_STATES = {"acknowledged", "held_adv_validation", "in_progress"}


def test_nothing_moves_before_the_first_step(sandbox: SandboxProcess) -> None:
    session_id = confirmed(sandbox, GOOD)

    sandbox.advance(PACE / 2)

    [ordered] = lines_of(sandbox, session_id)
    assert [change["state"] for change in ordered["state_change"]] == ["created", "in_progress"]
    assert ordered["order_date"] is not None


def test_lines_are_settled_before_their_session_is(sandbox: SandboxProcess) -> None:
    session_id = confirmed(sandbox, GOOD, REJECTED)

    sandbox.advance(2 * PACE)

    assert [len(ordered["state_change"]) > 2 for ordered in lines_of(sandbox, session_id)] == [True, True]
    assert session_state(sandbox, session_id) == "in_progress"


@pytest.mark.parametrize(
    ("lines", "state"),
    [([GOOD, GOOD], "completed"), ([GOOD, REJECTED], "partial"), ([REJECTED, REJECTED], "rejected")],
)
def test_the_session_ends_by_how_many_lines_were_created(
    sandbox: SandboxProcess, lines: list[dict[str, Any]], state: str
) -> None:
    session_id = confirmed(sandbox, *lines)

    settle(sandbox)

    [session] = got(sandbox, "product_order/", state=state)
    assert session["id"] == session_id
    assert session["completion_date"] > session["order_date"]


def test_created_lines_end_in_the_three_documented_states(sandbox: SandboxProcess) -> None:
    session_id = sandbox.load(sessions=1, lines=60)[0]
    sandbox.call("PATCH", f"product_order/{session_id}/confirm/")

    settle(sandbox)

    assert {ordered["state"] for ordered in lines_of(sandbox, session_id)} == CREATED_STATES


def test_the_history_shows_every_step(sandbox: SandboxProcess) -> None:
    session_id = confirmed(sandbox, *[GOOD] * 20)

    settle(sandbox)

    expected = ["created", "in_progress", "acknowledged", "held_adv_validation", "in_progress"]
    for ordered in lines_of(sandbox, session_id):
        states = [change["state"] for change in ordered["state_change"]]
        dates = [change["change_date"] for change in ordered["state_change"]]
        assert states == expected[: len(states)]
        assert states[-1] == ordered["state"]
        assert dates == sorted(dates)


@pytest.mark.parametrize(
    ("changes", "code", "path", "value"),
    [
        ({"enni": "AZ001234"}, "ENNI_UNKNOWN", "enni", "AZ001234"),
        (
            {"related_contact_information": [contact(), contact(postcode="00000", insee_code="00001")]},
            "ADDRESS_UNKNOWN",
            "related_contact_information[1].insee_code",
            "00001",
        ),
        (
            {"related_contact_information": [contact(postcode="76130", insee_code="69387")]},
            "ADDRESS_UNKNOWN",
            "related_contact_information[0].insee_code",
            "69387",
        ),
        (
            {"technical_note": "please REJECT"},
            "FEASIBILITY",
            "product_offering_qualification_item_id",
            GOOD["product_offering_qualification_item_id"],
        ),
    ],
)
def test_a_rejected_line_says_why(
    sandbox: SandboxProcess, changes: dict[str, Any], code: str, path: str, value: str
) -> None:
    session_id = confirmed(sandbox, line(**changes))

    settle(sandbox)

    [rejected] = lines_of(sandbox, session_id)
    assert rejected["state"] == "rejected_creation"
    assert rejected["termination_error"] == [{"code": code, "property_path": path, "value": value}]


@pytest.mark.parametrize(
    ("postcode", "insee_code"),
    [("20000", "2A004"), ("20200", "2B033"), ("97400", "97411"), ("69007", "69387")],
)
def test_an_insee_code_of_the_postcodes_department_is_known(
    sandbox: SandboxProcess, postcode: str, insee_code: str
) -> None:
    site = contact(postcode=postcode, insee_code=insee_code)
    session_id = confirmed(sandbox, line(related_contact_information=[site]))

    settle(sandbox)

    assert session_state(sandbox, session_id) == "completed"
