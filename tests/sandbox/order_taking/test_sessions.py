"""Sessions: created, listed, changed and deleted, with errors as the vendor words them."""

from typing import Any

import pytest
import requests

from tests.sandbox.documents import (
    confirmed,
    created,
    example,
    got,
    line,
    new_line,
    new_session,
    session_state,
)
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def test_the_documentations_example_is_accepted_and_answered_like_its_example(
    sandbox: SandboxProcess,
) -> None:
    session = created(sandbox, "product_order", example("create-session-request"))

    assert session.keys() == example("create-session-answer").keys()
    assert (session["external_id"], session["state"], session["order_date"]) == ("12345", "created", None)


def test_the_same_external_id_twice_makes_two_sessions(sandbox: SandboxProcess) -> None:
    first, second = (new_session(sandbox, external_id="twice") for _ in range(2))

    assert first != second
    assert len(got(sandbox, "product_order/", external_id="twice")) == 2


@pytest.mark.parametrize("document", [[], "text", {"external_id": 12}, {"project_id": ["AB123"]}])
def test_values_of_other_types_are_refused(sandbox: SandboxProcess, document: object) -> None:
    answer = sandbox.call("POST", "product_order", document)

    assert answer.status_code == 400
    assert answer.json()["detail"][0].keys() == {"loc", "msg", "type"}


def test_the_detail_has_four_fields_and_no_state(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox, line(), external_id="one")

    detail = got(sandbox, f"product_order/{session_id}/")

    assert detail.keys() == example("confirm-session-answer").keys()
    assert len(detail["product_order_item"]) == 1


def test_metadata_can_be_changed_one_by_one(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox, external_id="one", project_id="AB123")

    answer = sandbox.call("PATCH", f"product_order/{session_id}/", {"project_id": "FLASH"})

    assert (answer.json()["external_id"], answer.json()["project_id"]) == ("one", "FLASH")


def test_deleting_a_draft_deletes_its_lines(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox)
    line_id = new_line(sandbox, session_id, **line())["id"]

    assert sandbox.call("DELETE", f"product_order/{session_id}/").status_code == 204

    assert sandbox.call("GET", f"product_order/{session_id}/").status_code == 404
    assert sandbox.call("GET", f"product_order_item/{line_id}/").status_code == 404


def test_a_confirmed_session_cannot_be_deleted(sandbox: SandboxProcess) -> None:
    session_id = confirmed(sandbox, line())

    answer = sandbox.call("DELETE", f"product_order/{session_id}/")

    assert answer.status_code == 409
    assert session_state(sandbox, session_id) == "in_progress"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"old", "new"}),
        ({"state": "in_progress"}, {"old"}),
        ({"state": "created"}, {"new"}),
        ({"external_id": "new"}, {"new"}),
        ({"external_id": "ne"}, set()),
        ({"project_id": "AB123"}, {"old"}),
        ({"creation_date_gt": "{between}"}, {"new"}),
        ({"creation_date_lt": "{between}"}, {"old"}),
        ({"order_date_gt": "2020-01-01"}, {"old"}),
        ({"order_date_lt": "2020-01-01T00:00:00Z"}, set()),
        ({"completion_date_gt": "2020-01-01"}, set()),
        ({"cancellation_date_lt": "2099-01-01"}, set()),
        ({"state": "", "external_id": "new"}, {"new"}),
    ],
)
def test_the_list_can_be_filtered(sandbox: SandboxProcess, query: dict[str, str], found: set[str]) -> None:
    old = new_session(sandbox, line(), external_id="old", project_id="AB123")
    sandbox.call("PATCH", f"product_order/{old}/confirm/")
    sandbox.advance(60)
    between = sandbox.control("GET", "clock")["now"]
    sandbox.advance(60)
    new_session(sandbox, external_id="new")

    query = {name: value.format(between=between) for name, value in query.items()}

    assert {session["external_id"] for session in got(sandbox, "product_order/", **query)} == found


def test_a_filter_of_the_wrong_kind_is_refused(sandbox: SandboxProcess) -> None:
    answer = sandbox.call("GET", "product_order/", params={"creation_date_gt": "yesterday"})

    assert answer.status_code == 400
    assert answer.json()["detail"][0]["loc"] == ["query", "creation_date_gt"]


@pytest.mark.parametrize(
    ("method", "path", "document"),
    [
        ("GET", f"product_order/{UNKNOWN_ID}/", None),
        ("PATCH", f"product_order/{UNKNOWN_ID}/", {}),
        ("DELETE", f"product_order/{UNKNOWN_ID}/", None),
        ("PATCH", f"product_order/{UNKNOWN_ID}/confirm/", None),
        ("POST", f"product_order/{UNKNOWN_ID}/product_order_item", {}),
        ("GET", f"product_order_item/{UNKNOWN_ID}/", None),
        ("GET", "nothing/here/", None),
    ],
)
def test_what_is_not_there_is_a_404_in_json(
    sandbox: SandboxProcess, method: str, path: str, document: Any
) -> None:
    answer = sandbox.call(method, path, document)

    assert answer.status_code == 404
    assert "detail" in answer.json()


def test_another_method_is_a_405_that_names_the_right_ones(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox)

    answer = sandbox.call("PUT", f"product_order/{session_id}/", {})

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "DELETE, GET, PATCH"


def test_only_reads_are_led_to_the_documented_slash(sandbox: SandboxProcess) -> None:
    read = sandbox.call("GET", "product_order", params={"state": "created"}, allow_redirects=False)
    write = sandbox.call("POST", "product_order/", {})

    assert read.status_code == 301
    assert read.headers["Location"] == "/api/v1/product_order/?state=created"
    assert write.status_code == 405


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [(b"{not json", "application/json", 400), (b"", "application/json", 400), (b"{}", "text/plain", 415)],
)
def test_a_body_is_json(sandbox: SandboxProcess, body: bytes, content_type: str, status: int) -> None:
    token = sandbox.sign_in("carnet@example.test", "carnet-sandbox").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}

    answer = requests.post(f"{sandbox.url}/api/v1/product_order", body, headers=headers, timeout=10)

    assert answer.status_code == status
