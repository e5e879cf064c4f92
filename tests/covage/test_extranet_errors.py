"""What the extranet refuses lands on its field, and every failure has the id that the support needs."""

from collections.abc import Callable
from typing import Any

import pytest

from covage import (
    BadAnswer,
    Conflict,
    Covage,
    CovageError,
    Extranet,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    ServerError,
)
from covage.problems import LONGEST_TEXT, field_errors, request_uuid
from tests.covage.vendor import Vendor, reply

UUID = "KOSC_4f0a5d33-1071-452c-ad72-0881b340be39"
REQUIRED = "This field is required."


def _body(details: object = None, error: object = "Invalid input") -> dict[str, object]:
    return {"apirequest_uuid": UUID, "error": error, "details": details}


@pytest.mark.parametrize(
    ("details", "errors"),
    [
        ([{"field": "reference", "errors": [REQUIRED]}], [FieldError("reference", "", REQUIRED)]),
        (
            [
                {"field": "enni.enni_vlan", "errors": ["Too low.", "Not a number."]},
                {"field": "contacts.operator.contact_uuid", "errors": ["Unknown."]},
            ],
            [
                FieldError("enni.enni_vlan", "", "Too low."),
                FieldError("enni.enni_vlan", "", "Not a number."),
                FieldError("contacts.operator.contact_uuid", "", "Unknown."),
            ],
        ),
        (
            [{"field": "endpoints[0].endpoint_ref", "errors": ["?"]}],
            [FieldError("endpoints.0.endpoint_ref", "", "?")],
        ),
        ([{"field": "product", "errors": "Unknown."}], [FieldError("product", "", "Unknown.")]),
        (
            [{"field": "owner", "errors": {"name": [REQUIRED], "type": [REQUIRED]}}],
            [FieldError("owner.name", "", REQUIRED), FieldError("owner.type", "", REQUIRED)],
        ),
        (
            [{"field": "product", "errors": [{"message": "Unknown.", "code": "unknown"}]}],
            [FieldError("product", "unknown", "Unknown.")],
        ),
        ([{"field": "non_field_errors", "errors": ["Not a draft."]}], [FieldError("", "", "Not a draft.")]),
        ([{"field": "", "errors": ["Not a draft."]}], [FieldError("", "", "Not a draft.")]),
        (["Not a draft."], [FieldError("", "", "Not a draft.")]),
        ({"comment": ["Too long."]}, [FieldError("comment", "", "Too long.")]),
        ("Not a draft.", [FieldError("", "", "Not a draft.")]),
        (None, [FieldError("", "", "Invalid input")]),
        ([], [FieldError("", "", "Invalid input")]),
        ([{"field": "product", "errors": []}], [FieldError("", "", "Invalid input")]),
    ],
)
def test_each_message_is_an_error_at_its_field(
    details: object, errors: list[FieldError], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(reply(_body(details), status=400))
    with pytest.raises(Invalid) as caught:
        extranet.replace_order("t8jcx8tp", {})
    assert caught.value.errors == errors
    assert caught.value.request_uuid == UUID


def test_the_id_of_the_request_is_no_message() -> None:
    assert field_errors({"apirequest_uuid": UUID, "error": None, "details": None}) == []


def test_a_field_of_that_name_is_no_group_of_messages() -> None:
    assert field_errors({"field": ["Wrong."], "errors": ["All wrong."]}) == [
        FieldError("field", "", "Wrong."),
        FieldError("", "", "All wrong."),
    ]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Invalid),
        (403, Forbidden),
        (404, NotFound),
        (405, Invalid),
        (408, BadAnswer),
        (409, Conflict),
        (410, NotFound),
        (422, Invalid),
        (429, RateLimited),
        (302, BadAnswer),
        (500, ServerError),
        (502, ServerError),
    ],
)
def test_every_failure_has_the_id_of_its_request(
    status: int, error: type[CovageError], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(reply(_body(), status=status))
    with pytest.raises(error) as caught:
        extranet.submit_order("t8jcx8tp")
    assert (type(caught.value), caught.value.status) == (error, status)
    assert caught.value.request_uuid == UUID
    assert str(caught.value) == f"{caught.value.message} (support reference: {UUID})"


@pytest.mark.parametrize(
    "call", [lambda e: e.contacts(), lambda e: list(e.event_pages()), lambda e: e.create_order({})]
)
def test_so_does_an_answer_that_makes_no_sense(
    call: Callable[[Extranet], object], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(reply(_body()))
    with pytest.raises(BadAnswer) as caught:
        call(extranet)
    assert caught.value.request_uuid == UUID


@pytest.mark.parametrize(
    "location", [{}, {"Location": "https://elsewhere.example/"}, {"Location": "/api/orders/t8jcx8tp/"}]
)
def test_so_does_a_redirect_that_leads_nowhere(
    location: dict[str, str], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(*[reply(_body(), status=302, **location)] * 6)
    with pytest.raises(BadAnswer) as caught:
        extranet.order("t8jcx8tp")
    assert caught.value.request_uuid == UUID


@pytest.mark.parametrize(
    ("body", "uuid"),
    [
        (b"", ""),
        (b"<html>apirequest_uuid</html>", ""),
        (b'["apirequest_uuid"]', ""),
        (b'{"apirequest_uuid": null}', ""),
        (b'{"apirequest_uuid": {"a": 1}}', ""),
        (b'{"error": "apirequest_uuid"}', ""),
        (b'{"apirequest_uuid": "KOSC_1"}', "KOSC_1"),
        (b'{"apirequest_uuid": " <b>KOSC_1</b>\\n "}', "KOSC_1"),
        (b"[" * 100_000 + b'"apirequest_uuid"', ""),
    ],
)
def test_an_id_is_read_where_there_is_one(body: bytes, uuid: str) -> None:
    assert request_uuid(body) == uuid


def test_an_id_is_never_longer_than_a_message() -> None:
    assert len(request_uuid(b'{"apirequest_uuid": "%s"}' % (b"x" * 9999))) == LONGEST_TEXT


def test_an_answer_without_an_id_gives_none(extranet: Extranet, client: Covage, vendor: Vendor) -> None:
    calls: list[Callable[[], Any]] = [lambda: extranet.order("t8jcx8tp"), lambda: client.order("O1")]
    vendor.will(*[reply({"detail": "No."}, status=404)] * 2)
    for call in calls:
        with pytest.raises(NotFound) as caught:
            call()
        assert caught.value.request_uuid == ""
