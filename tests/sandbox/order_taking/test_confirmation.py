"""Confirming a session: what it requires, what is refused line by line, and that it happens once."""

from typing import Any

import pytest

from tests.sandbox.documents import (
    confirmed,
    contact,
    example,
    got,
    line,
    lines_of,
    new_session,
    session_state,
)
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

DAY = 24 * 3600
REQUIRED_OF_A_CONTACT = (
    "end_customer_name", "contact1_email_address", "contact1_firstname", "contact1_lastname",
    "contact1_phone_number", "city", "postcode", "street_name", "street_number", "insee_code",
)  # fmt: skip
CPE = {"cpe_network_number": "NET-123456", "cpe_serial_number": "SR-123456"}


def _confirm(sandbox: SandboxProcess, *lines: dict[str, Any]) -> Any:
    return sandbox.call("PATCH", f"product_order/{new_session(sandbox, *lines)}/confirm/")


def _errors(sandbox: SandboxProcess, **changes: Any) -> Any:
    """What confirming a session with one line says about that line; {} when it is confirmed."""
    answer = _confirm(sandbox, line(**changes))
    if answer.status_code == 200:
        return {}
    assert answer.status_code == 400
    [errors] = answer.json()["product_order_item"]
    return errors


def _with_contact(**changes: Any) -> dict[str, Any]:
    return {"related_contact_information": [contact(**changes)]}


def test_confirming_answers_like_the_documentations_example(sandbox: SandboxProcess) -> None:
    answer = _confirm(sandbox, line())

    assert answer.status_code == 200
    expected = example("confirm-session-answer")
    assert answer.json().keys() == expected.keys()
    [shown] = answer.json()["product_order_item"]
    assert shown.keys() == expected["product_order_item"][0].keys()
    assert [change["state"] for change in shown["state_change"]] == ["created", "in_progress"]
    assert session_state(sandbox, answer.json()["id"]) == "in_progress"


def test_the_documentations_line_can_be_confirmed_once_option_7021_goes_with_its_fields(
    sandbox: SandboxProcess,
) -> None:
    document = example("create-line-request")

    assert _errors(sandbox, **document).keys() == set(CPE)
    assert _errors(sandbox, **document | {"option_ids": ["7021"]}) == {}


def test_confirmation_happens_once(sandbox: SandboxProcess) -> None:
    session_id = confirmed(sandbox, line())

    again = sandbox.call("PATCH", f"product_order/{session_id}/confirm/")

    assert again.status_code == 409
    assert "detail" in again.json()
    assert sandbox.counters()["confirmations"] == {session_id: 1}


def test_an_empty_session_cannot_be_confirmed(sandbox: SandboxProcess) -> None:
    answer = _confirm(sandbox)

    assert answer.status_code == 400
    assert answer.json() == {"product_order_item": ["The order session has no order line."]}


def test_a_refusal_names_each_line_and_changes_nothing(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox, line(), line(enni="", related_contact_information=[contact(city="")]))
    before = sandbox.state()

    answer = sandbox.call("PATCH", f"product_order/{session_id}/confirm/")

    required = ["This field is required."]
    wrong = {"enni": required, "related_contact_information": [{"city": required}]}
    assert answer.json() == {"product_order_item": [{}, wrong]}
    assert sandbox.state() == before


@pytest.mark.parametrize("name", REQUIRED_OF_A_CONTACT)
def test_a_site_contact_is_complete(sandbox: SandboxProcess, name: str) -> None:
    errors = _errors(sandbox, **_with_contact(**{name: ""}))

    assert errors == {"related_contact_information": [{name: ["This field is required."]}]}


def test_at_least_one_site_contact_is_required(sandbox: SandboxProcess) -> None:
    assert _errors(sandbox, related_contact_information=[]).keys() == {"related_contact_information"}


@pytest.mark.parametrize(
    ("known", "siret", "accepted"),
    [
        (True, "00000000000000", True),
        (True, "", False),
        (True, "123", False),
        (False, "", True),
        (False, "00000000000000", True),
        (False, "123", False),
    ],
)
def test_a_siret_that_is_known_is_required_and_has_fourteen_digits(
    sandbox: SandboxProcess, known: bool, siret: str, accepted: bool
) -> None:
    errors = _errors(sandbox, siret_known=known, **_with_contact(siret=siret))

    assert bool(errors) is not accepted


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"option_ids": ["7021"], **CPE}, set()),
        ({"option_ids": ["7021"]}, set(CPE)),
        ({"option_ids": ["7021"], "cpe_serial_number": "SR"}, {"cpe_network_number"}),
        ({"option_ids": ["2210"], **CPE}, set(CPE)),
    ],
)
def test_option_7021_and_the_cpe_fields_go_together(
    sandbox: SandboxProcess, values: dict[str, Any], wrong: set[str]
) -> None:
    assert _errors(sandbox, **values).keys() == wrong


@pytest.mark.parametrize(("vlan", "accepted"), [(1, True), ("4094", True), (0, False), (4095, False)])
def test_a_vlan_lies_between_1_and_4094(sandbox: SandboxProcess, vlan: object, accepted: bool) -> None:
    assert bool(_errors(sandbox, vlan_reference=vlan)) is not accepted


@pytest.mark.parametrize("values", [{"offer_family": "DIA"}, {"product_offering_id": "DIA-100M"}])
@pytest.mark.parametrize("enni", ["", "CN012345"])
def test_a_dia_offers_enni_is_the_vendors_own(
    sandbox: SandboxProcess, values: dict[str, str], enni: str
) -> None:
    session_id = confirmed(sandbox, line(enni=enni, **values))

    [ordered] = lines_of(sandbox, session_id)
    assert ordered["enni"].startswith("CN9")


def test_drafts_expire_after_ninety_days(sandbox: SandboxProcess) -> None:
    in_time, too_late = new_session(sandbox, line()), new_session(sandbox, line())

    sandbox.advance(90 * DAY - 60)
    assert sandbox.call("PATCH", f"product_order/{in_time}/confirm/").status_code == 200
    sandbox.advance(120)
    answer = sandbox.call("PATCH", f"product_order/{too_late}/confirm/")

    assert answer.status_code == 400
    assert answer.json()["product_order_item"][0].keys() == {"expiration_date"}
    assert got(sandbox, "product_order_item/", state="created")[0]["product_order_id"] == too_late
