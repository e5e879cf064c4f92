"""Order lines: created, changed, deleted, and locked by a quotation."""

from typing import Any

import pytest

from tests.sandbox.documents import confirmed, contact, example, got, line, lines_of, new_line, new_session
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

SUMMARY = {
    "id", "product_order_id", "end_customer_name", "external_id", "product_offering_id",
    "product_offering_qualification_item_id", "state", "order_reference", "temporary_reference",
    "customer_order_name", "creation_date", "order_date", "expiration_date", "scheduled_delivery_date",
}  # fmt: skip
ONLY_IN_DETAIL = {
    "siret_known", "additional_vlan_reference", "specific_request", "access_instructions",
    "scheduled_delivery_date",
}  # fmt: skip
LOCKED = {
    "end_customer_name": "Other",
    "product_offering_id": "9999",
    "product_offering_qualification_item_id": "other",
    "customer_order_name": "Other",
    "business_code": "OTHER",
}


def _patch(sandbox: SandboxProcess, made: dict[str, Any], changes: dict[str, Any]) -> Any:
    path = f"product_order/{made['product_order_id']}/product_order_item/{made['id']}"
    return sandbox.call("PATCH", path, changes)


def _create(sandbox: SandboxProcess, document: object) -> Any:
    session_id = new_session(sandbox)
    return sandbox.call("POST", f"product_order/{session_id}/product_order_item", document)


def test_the_documentations_example_is_accepted_and_answered_like_its_example(
    sandbox: SandboxProcess,
) -> None:
    made = new_line(sandbox, new_session(sandbox), **example("create-line-request"))

    answer = example("create-line-answer")
    assert made.keys() == answer.keys()
    assert made["related_contact_information"][0].keys() == answer["related_contact_information"][0].keys()
    assert made["state_change"][0].keys() == answer["state_change"][0].keys()
    assert made["vlan_reference"] == 1257
    assert made["order_reference"] == made["temporary_reference"]
    assert made["order_reference"].startswith("PO_DC173_")


def test_the_documented_changes_are_accepted_and_answered_like_their_example(sandbox: SandboxProcess) -> None:
    made = new_line(sandbox, new_session(sandbox), **line())

    answer = _patch(sandbox, made, example("update-line-request"))

    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == example("update-line-answer").keys()
    assert answer.json()["end_customer_name"] == "Covage corp edited"


def test_the_detail_alone_shows_every_field(sandbox: SandboxProcess) -> None:
    sent = example("create-line-request")
    made = new_line(sandbox, new_session(sandbox), **sent)

    detail = got(sandbox, f"product_order_item/{made['id']}/")

    assert detail.keys() == made.keys() | ONLY_IN_DETAIL
    assert {name: detail[name] for name in ONLY_IN_DETAIL} == {name: sent[name] for name in ONLY_IN_DETAIL}


@pytest.mark.parametrize("name", ["product_offering_id", "product_offering_qualification_item_id"])
@pytest.mark.parametrize("value", [None, ""])
def test_an_offer_and_an_eligibility_item_are_required(
    sandbox: SandboxProcess, name: str, value: str | None
) -> None:
    answer = _create(sandbox, line(**{name: value}))

    assert answer.status_code == 400
    assert answer.json() == {"detail": [{"loc": ["body", name], "msg": "Field required", "type": "missing"}]}


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"note": 12}, ["note"]),
        ({"option_ids": "7021"}, ["option_ids"]),
        ({"option_ids": [7021]}, ["option_ids"]),
        ({"vlan_reference": "twelve"}, ["vlan_reference"]),
        ({"vlan_reference": 12.5}, ["vlan_reference"]),
        ({"vlan_reference": True}, ["vlan_reference"]),
        ({"siret_known": "true"}, ["siret_known"]),
        ({"scheduled_delivery_date": "21/09/2025"}, ["scheduled_delivery_date"]),
        ({"scheduled_delivery_date": "2025-02-30"}, ["scheduled_delivery_date"]),
        ({"related_contact_information": {}}, ["related_contact_information"]),
        ({"related_contact_information": ["John"]}, ["related_contact_information", 0]),
        (
            {"related_contact_information": [contact(), contact(latitude="49.47")]},
            ["related_contact_information", 1, "latitude"],
        ),
    ],
)
def test_values_of_other_types_are_refused_at_creation_and_at_update(
    sandbox: SandboxProcess, values: dict[str, Any], place: list[str | int]
) -> None:
    made = new_line(sandbox, new_session(sandbox), **line())

    for answer in (_create(sandbox, line(**values)), _patch(sandbox, made, values)):
        assert answer.status_code == 400
        assert [problem["loc"] for problem in answer.json()["detail"]] == [["body", *place]]


def test_several_faults_are_reported_together(sandbox: SandboxProcess) -> None:
    answer = _create(sandbox, {"note": 1, "technical_note": 2})

    assert len(answer.json()["detail"]) == 4


def test_unknown_keys_are_ignored(sandbox: SandboxProcess) -> None:
    made = new_line(sandbox, new_session(sandbox), **line(enni_2="CN1", colour="blue"))

    assert made["enni2"] == ""
    assert "colour" not in made


@pytest.mark.parametrize(("sent", "shown"), [(1257, 1257), ("1257", 1257), (None, None)])
def test_a_vlan_may_be_sent_as_text_and_is_shown_as_a_number(
    sandbox: SandboxProcess, sent: object, shown: int | None
) -> None:
    assert new_line(sandbox, new_session(sandbox), **line(vlan_reference=sent))["vlan_reference"] == shown


def test_an_update_touches_only_what_it_names(sandbox: SandboxProcess) -> None:
    made = new_line(sandbox, new_session(sandbox), **line(note="keep me"))

    changed = _patch(sandbox, made, {"technical_note": "new"}).json()

    assert (changed["note"], changed["technical_note"]) == ("keep me", "new")


def test_an_update_cannot_empty_what_creation_requires(sandbox: SandboxProcess) -> None:
    made = new_line(sandbox, new_session(sandbox), **line())

    assert _patch(sandbox, made, {"product_offering_id": ""}).status_code == 400


def test_family_and_technology_are_set_at_creation_only(sandbox: SandboxProcess) -> None:
    made = new_line(sandbox, new_session(sandbox), **line(offer_family="BPE", offer_technology="FIBDE"))

    _patch(sandbox, made, {"offer_family": "DIA", "offer_technology": "FON"})

    detail = got(sandbox, f"product_order_item/{made['id']}/")
    assert (detail["offer_family"], detail["offer_technology"]) == ("BPE", "FIBDE")


@pytest.mark.parametrize("name", LOCKED)
def test_a_quotation_locks_five_fields(sandbox: SandboxProcess, name: str) -> None:
    made = new_line(sandbox, new_session(sandbox), **line(quote_item_id="quote"))

    refused = _patch(sandbox, made, {name: LOCKED[name], "quote_item_id": "", "note": "new"})
    unchanged = _patch(sandbox, made, {name: made[name], "technical_note": "new"})

    assert refused.status_code == 400
    assert [problem["loc"] for problem in refused.json()["detail"]] == [["body", name]]
    assert unchanged.status_code == 200
    assert unchanged.json()["note"] == ""


def test_without_a_quotation_the_five_fields_are_free(sandbox: SandboxProcess) -> None:
    made = new_line(sandbox, new_session(sandbox), **line())

    answer = _patch(sandbox, made, LOCKED)

    assert {name: answer.json()[name] for name in LOCKED} == LOCKED


def test_deleting_a_line_returns_the_session_without_it(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox, line(note="stays"))
    made = new_line(sandbox, session_id, **line())

    answer = sandbox.call("DELETE", f"product_order/{session_id}/product_order_item/{made['id']}/")

    assert answer.json().keys() == example("delete-line-answer").keys()
    assert [kept["note"] for kept in answer.json()["product_order_item"]] == ["stays"]


def test_after_confirmation_lines_are_fixed(sandbox: SandboxProcess) -> None:
    session_id = confirmed(sandbox, line())
    made = lines_of(sandbox, session_id)[0]
    lines = f"product_order/{session_id}/product_order_item"

    assert sandbox.call("POST", lines, line()).status_code == 409
    assert _patch(sandbox, made, {"note": "late"}).status_code == 409
    assert sandbox.call("DELETE", f"{lines}/{made['id']}/").status_code == 409
    assert [kept["note"] for kept in lines_of(sandbox, session_id)] == [""]


def test_a_line_of_another_session_is_not_found(sandbox: SandboxProcess) -> None:
    made = new_line(sandbox, new_session(sandbox), **line())

    assert _patch(sandbox, made | {"product_order_id": new_session(sandbox)}, {}).status_code == 404


def test_the_list_shows_the_fourteen_documented_fields(sandbox: SandboxProcess) -> None:
    new_session(sandbox, line(scheduled_delivery_date="2026-12-01"))

    [summary] = got(sandbox, "product_order_item/")

    assert summary.keys() == SUMMARY
    assert summary["scheduled_delivery_date"] == "2026-12-01"
    assert summary["expiration_date"] > summary["creation_date"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "created"}, {"new"}),
        ({"state": "in_progress"}, {"old"}),
        ({"customer_order_name": "Alice"}, {"old"}),
        ({"end_customer_name": "Bakery"}, {"new"}),
        ({"order_reference": "{reference}"}, {"new"}),
        ({"temporary_reference": "{reference}"}, {"new"}),
        ({"creation_date_gt": "{between}"}, {"new"}),
        ({"creation_date_lt": "{between}"}, {"old"}),
        ({"order_date_gt": "2020-01-01"}, {"old"}),
        ({"order_date_lt": "2020-01-01"}, set()),
        ({"expiration_date_gt": "{expiry}"}, {"new"}),
        ({"expiration_date_lt": "{expiry}"}, set()),
        ({"search": "baKER"}, {"new"}),
        ({"search": "nowhere"}, set()),
    ],
)
def test_the_list_can_be_filtered(sandbox: SandboxProcess, query: dict[str, str], found: set[str]) -> None:
    old = confirmed(sandbox, line(external_id="old", customer_order_name="Alice"))
    sandbox.advance(60)
    between = sandbox.control("GET", "clock")["now"]
    sandbox.advance(60)
    made = new_line(sandbox, new_session(sandbox), **line(external_id="new", end_customer_name="Bakery"))
    known = {
        "reference": made["order_reference"],
        "between": between,
        "expiry": got(sandbox, "product_order_item/", state=lines_of(sandbox, old)[0]["state"])[0][
            "expiration_date"
        ],
    }

    query = {name: value.format(**known) for name, value in query.items()}

    assert {summary["external_id"] for summary in got(sandbox, "product_order_item/", **query)} == found


@pytest.mark.parametrize(("sort", "expected"), [("end_customer_name", "ABC"), ("-end_customer_name", "CBA")])
def test_the_list_can_be_sorted_both_ways(sandbox: SandboxProcess, sort: str, expected: str) -> None:
    new_session(sandbox, *(line(end_customer_name=name) for name in "BCA"))

    names = [summary["end_customer_name"] for summary in got(sandbox, "product_order_item/", sort=sort)]

    assert names == list(expected)


def test_sorting_by_an_unknown_field_is_refused(sandbox: SandboxProcess) -> None:
    new_session(sandbox, line())

    assert sandbox.call("GET", "product_order_item/", params={"sort": "colour"}).status_code == 400
