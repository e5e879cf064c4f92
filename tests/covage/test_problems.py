"""What the vendor refuses lands on the field that it names, in every shape known."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covage import Covage, FieldError, Invalid, termination_errors
from covage.problems import DEEPEST, LONGEST_TEXT, MOST_ERRORS, errors_in_body, field_errors
from tests.covage.vendor import Vendor, reply

REQUIRED = "This field is required."


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"detail": "Not now."}, [FieldError("", "", "Not now.")]),
        ({"detail": "Not now.", "code": "busy", "status": 400}, [FieldError("", "busy", "Not now.")]),
        (
            {"detail": [{"loc": ["body", "payload", "enni_2"], "msg": "long", "type": "max", "input": "x"}]},
            [FieldError("enni2", "max", "long", "x")],
        ),
        (
            {
                "detail": [
                    {"loc": ["body", "related_contact_information", 0, "siret"], "msg": "bad", "type": "t"},
                    {"loc": ["body", "data", "note"], "msg": "no", "type": "t"},
                    {"loc": ["body", "__root__"], "msg": "all wrong", "type": "t"},
                    {"loc": ["body"], "msg": "empty", "type": "t"},
                    {"loc": ["enni"], "msg": "unknown"},
                ]
            },
            [
                FieldError("related_contact_information.0.siret", "t", "bad"),
                FieldError("note", "t", "no"),
                FieldError("", "t", "all wrong"),
                FieldError("", "t", "empty"),
                FieldError("enni", "", "unknown"),
            ],
        ),
        (
            {"enni": [REQUIRED, "Again."], "cpe_networking_number": ["no"], "note": "bad"},
            [
                FieldError("enni", "", REQUIRED),
                FieldError("enni", "", "Again."),
                FieldError("cpe_network_number", "", "no"),
                FieldError("note", "", "bad"),
            ],
        ),
        (
            {"related_contact_information": [{}, {"siret": ["bad"], "city": [REQUIRED]}]},
            [
                FieldError("related_contact_information.1.siret", "", "bad"),
                FieldError("related_contact_information.1.city", "", REQUIRED),
            ],
        ),
        (
            {"related_contact_information": {"0": {"siret": {"message": "bad", "code": "luhn"}}}},
            [FieldError("related_contact_information.0.siret", "luhn", "bad")],
        ),
        ({"note": [{"message": "bad", "code": "max"}]}, [FieldError("note", "max", "bad")]),
        (
            {"errors": {"non_field_errors": ["neither"], "related_contact_information[0].siret": ["b"]}},
            [
                FieldError("", "", "neither"),
                FieldError("related_contact_information.0.siret", "", "b"),
            ],
        ),
        ({"message": "Invalid", "errors": [{"field": "enni", "message": "no"}]}, [
            FieldError("", "", "Invalid"),
            FieldError("enni", "", "no"),
        ]),
        (
            {"termination_error": [
                {"code": "E1", "property_path": "related_contact_information[0].siret", "value": "123"},
                {"code": "E2", "property_path": "$.enni_2", "value": ""},
                {"code": "E3", "property_path": "/cpe_networking_number", "value": None, "message": "Said."},
                {"code": "E4", "property_path": "", "value": 7},
            ], "id": "L1"},
            [
                FieldError("related_contact_information.0.siret", "E1", "E1", "123"),
                FieldError("enni2", "E2", "E2", ""),
                FieldError("cpe_network_number", "E3", "Said."),
                FieldError("", "E4", "E4", 7),
            ],
        ),
        (
            {"id": "S1", "state": "x", "product_order_item": [
                {"id": "L1", "termination_error": []},
                {"id": "L2", "termination_error": [
                    {"code": "E", "property_path": "enni", "value": ""},
                    {"code": "F", "property_path": "product_order_item[1].note", "value": ""},
                ]},
            ]},
            [
                FieldError("product_order_item.1.enni", "E", "E", ""),
                FieldError("product_order_item.1.note", "F", "F", ""),
            ],
        ),
        (["No.", {"note": ["bad"]}], [FieldError("", "", "No."), FieldError("1.note", "", "bad")]),
        ([["No."]], [FieldError("0", "", "No.")]),
        ("No.", [FieldError("", "", "No.")]),
        (42, [FieldError("", "", "42")]),
        (None, []),
        ({}, []),
        ({"note": [], "enni": None, "x": ""}, []),
    ],
)  # fmt: skip
def test_each_shape_of_refusal_is_understood(body: object, errors: list[FieldError]) -> None:
    assert field_errors(body) == errors
    assert errors_in_body(json.dumps(body).encode()) == errors


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"Not today", "Not today"),
        (b"<html><style>p {}</style><p>Bad &amp; <b>worse</b></p></html>", "Bad & worse"),
        (b"caf\xe9 \x00 closed\n", "caf\ufffd closed"),
        (b'{"detail": "half', '{"detail": "half'),
        (b'"\\ud800"', "?"),
        (b"x" * 5000, "x" * (LONGEST_TEXT - 1) + "…"),
    ],
)
def test_anything_else_becomes_readable_text(body: bytes, text: str) -> None:
    assert errors_in_body(body) == [FieldError("", "", text)]


def test_an_empty_body_says_nothing() -> None:
    assert errors_in_body(b"") == []


def test_the_termination_errors_of_a_line_are_read() -> None:
    line = {
        "id": "L1",
        "note": "n",
        "termination_error": [{"code": "E", "property_path": "enni", "value": "x"}],
    }
    assert termination_errors(line) == [FieldError("enni", "E", "E", "x")]
    assert termination_errors({"id": "L1", "note": "n", "termination_error": []}) == []
    assert termination_errors(None) == []


def test_endless_refusals_are_cut() -> None:
    assert len(field_errors({"note": ["no"] * 1000})) == MOST_ERRORS
    nested: Any = "deep"
    for _ in range(DEEPEST + 5):
        nested = {"note": nested}
    [error] = field_errors(nested)
    assert error.message == "…"
    assert termination_errors(nested) == []


def test_an_invalid_line_says_where(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({"related_contact_information": [{"siret": ["bad"]}], "enni_2": ["no"]}, status=400))
    with pytest.raises(Invalid) as caught:
        client.create_line("S1", {})
    assert [error.path for error in caught.value.errors] == ["related_contact_information.0.siret", "enni2"]
    assert "at enni2, related_contact_information.0.siret" in caught.value.message


names = st.sampled_from(
    [
        "detail",
        "loc",
        "msg",
        "type",
        "termination_error",
        "property_path",
        "code",
        "value",
        "errors",
        "enni_2",
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
documents = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(names | st.text(), inner), max_leaves=30
)


@given(documents)
def test_no_document_makes_the_reading_fail(document: object) -> None:
    for error in [*field_errors(document), *termination_errors(document)]:
        text = error.path + error.code + error.message
        assert "\x00" not in text.encode().decode()


@given(st.binary() | st.text().map(str.encode) | documents.map(lambda d: json.dumps(d).encode()))
def test_no_body_makes_the_reading_fail(body: bytes) -> None:
    assert all(isinstance(error, FieldError) for error in errors_in_body(body))


def test_bottomless_json_is_text() -> None:
    assert errors_in_body(b"[" * 100_000)[0].message.startswith("[[[")
