"""The editions of order taking: how each spells its fields, and what it requires."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.documents import contact, got, line, new_line, new_session
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

CPE = {"option_ids": ["7021"], "cpe_serial_number": "SR-1"}
NEWER = {
    "enni2", "enni_2", "billing_site_ref", "siret_known", "offer_family", "offer_technology",
    "specific_request", "access_instructions", "additional_vlan_reference", "cpe_serial_number",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> Iterator[SandboxProcess]:
    with SandboxProcess("--edition", "tables") as process:
        yield process


@pytest.fixture(scope="module")
def earlier() -> Iterator[SandboxProcess]:
    with SandboxProcess("--edition", "earlier") as process:
        yield process


def _earlier_contact(**changes: Any) -> dict[str, Any]:
    values = contact(contact1_name="John Doe", siret="0" * 14, latitude=49.47, longitude=1.09)
    del values["contact1_firstname"], values["contact1_lastname"]
    return values | changes


def _confirm(sandbox: SandboxProcess, document: dict[str, Any]) -> Any:
    return sandbox.call("PATCH", f"product_order/{new_session(sandbox, document)}/confirm/")


def test_tables_spells_as_the_tables_do(tables: SandboxProcess) -> None:
    values = line(enni_2="CN012382", cpe_networking_number="NET-1", **CPE)
    made = new_line(tables, new_session(tables), **values)

    assert (made["enni_2"], made["cpe_networking_number"]) == ("CN012382", "NET-1")
    assert not made.keys() & {"enni2", "cpe_network_number"}
    assert _confirm(tables, values).status_code == 200


def test_tables_does_not_hear_the_examples_spellings(tables: SandboxProcess) -> None:
    values = line(enni2="CN012382", cpe_network_number="NET-1", **CPE)
    made = new_line(tables, new_session(tables), **values)

    assert (made["enni_2"], made["cpe_networking_number"]) == ("", "")
    assert _confirm(tables, values).json()["product_order_item"][0].keys() == {"cpe_networking_number"}


def test_earlier_has_one_name_and_another_reference(earlier: SandboxProcess) -> None:
    made = new_line(earlier, new_session(earlier), **line(related_contact_information=[_earlier_contact()]))

    assert made["related_contact_information"][0]["contact1_name"] == "John Doe"
    assert "contact1_lastname" not in made["related_contact_information"][0]
    assert made["reference_id"] == made["order_reference"]
    assert "temporary_reference" not in made


def test_earlier_knows_none_of_the_newer_fields(earlier: SandboxProcess) -> None:
    sent = {"enni2": "CN1", "siret_known": False, "billing_site_ref": "AUX", "offer_family": 12}
    made = new_line(earlier, new_session(earlier), **line(**sent))
    detail = got(earlier, f"product_order_item/{made['id']}/")

    assert not (made.keys() | detail.keys()) & NEWER


@pytest.mark.parametrize(
    ("name", "empty"), [("siret", ""), ("latitude", None), ("longitude", None), ("contact1_name", "")]
)
def test_earlier_requires_siret_coordinates_and_name(
    earlier: SandboxProcess, name: str, empty: object
) -> None:
    complete = line(related_contact_information=[_earlier_contact()])
    lacking = line(related_contact_information=[_earlier_contact(**{name: empty})])

    refused = _confirm(earlier, lacking)

    assert _confirm(earlier, complete).status_code == 200
    assert refused.status_code == 400
    [errors] = refused.json()["product_order_item"][0]["related_contact_information"]
    assert errors.keys() == {name}


@pytest.mark.parametrize("edition", ["tables", "earlier"])
def test_sample_lines_can_be_confirmed_in_every_edition(edition: str, request: pytest.FixtureRequest) -> None:
    sandbox: SandboxProcess = request.getfixturevalue(edition)
    [session_id] = sandbox.load(sessions=1, lines=2)

    assert sandbox.call("PATCH", f"product_order/{session_id}/confirm/").status_code == 200
