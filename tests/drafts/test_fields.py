"""What follows from a field's declaration: parsing, typing back, showing, and values of the vendor."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from drafts import formats
from drafts.fields import Field, Kind, normalise


def _field(kind: Kind = Kind.TEXT, **more: Any) -> Field:
    return Field("x", "X", "group", kind=kind, **more)


def _refusal(field: Field, text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        field.parse(text)
    return refused.value.messages[0]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.TEXT, "  Second floor ", "Second floor"),
        (Kind.LONG_TEXT, "One\nTwo", "One\nTwo"),
        (Kind.INTEGER, " 12 ", 12),
        (Kind.DECIMAL, "48,85", 48.85),
        (Kind.DECIMAL, "48.85", 48.85),
        (Kind.BOOLEAN, "true", True),
        (Kind.BOOLEAN, "oui", True),
        (Kind.BOOLEAN, "No", False),
        (Kind.DATE, "2026-11-30", "2026-11-30"),
        (Kind.DATE, "30/11/2026", "2026-11-30"),
        (Kind.CODES, "7021, 2210;1615 7021", ["7021", "2210", "1615"]),
    ],
)
def test_a_typed_text_becomes_the_value_that_it_means(kind: Kind, text: str, value: object) -> None:
    assert _field(kind).parse(text) == value


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.ITEMS])
def test_a_blank_text_means_nothing(kind: Kind) -> None:
    assert _field(kind).parse(" \n") is None
    assert _field(kind).type(None) == ""


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        (_field(max_length=5), "123456", "This field holds up to 5 characters; you entered 6."),
        (_field(Kind.INTEGER), "1.5", "Enter a whole number."),
        (_field(Kind.DECIMAL), "north", "Enter a number."),
        (_field(Kind.BOOLEAN), "perhaps", "Answer yes or no."),
        (_field(Kind.DATE), "31/02/2026", "Enter a date such as 30/11/2026; “31/02/2026” isn't one."),
        (
            _field(Kind.INTEGER, rule=formats.vlan),
            "4095",
            "A VLAN is a whole number from 1 to 4094; you entered 4095.",
        ),
    ],
)
def test_what_is_no_value_is_refused_with_a_sentence(field: Field, text: str, said: str) -> None:
    assert _refusal(field, text) == said


def test_each_of_several_codes_has_to_pass_the_rule() -> None:
    field = _field(Kind.CODES, rule=formats.option_id)
    assert field.parse("7021 2210") == ["7021", "2210"]
    assert "seven" in _refusal(field, "7021 seven")


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e999"])
def test_a_decimal_is_a_number_that_can_be_sent(text: str) -> None:
    _refusal(_field(Kind.DECIMAL), text)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.TEXT, "Lyon", "Lyon"),
        (Kind.BOOLEAN, True, "yes"),
        (Kind.BOOLEAN, False, "no"),
        (Kind.BOOLEAN, None, ""),
        (Kind.CODES, ["7021", "2210"], "7021, 2210"),
        (Kind.DATE, "2026-11-30", "30/11/2026"),
        (Kind.DATE, "soon", "soon"),
        (Kind.ITEMS, [{}, {}], "2"),
        (Kind.ITEMS, [], ""),
        (Kind.INTEGER, 12, "12"),
    ],
)
def test_a_value_reads_on_a_page(kind: Kind, value: object, shown: str) -> None:
    assert _field(kind).show(value) == shown


@pytest.mark.parametrize(
    ("kind", "value", "ours"),
    [
        (Kind.TEXT, 12, "12"),
        (Kind.TEXT, None, None),
        (Kind.INTEGER, "1257", 1257),
        (Kind.INTEGER, "many", "many"),
        (Kind.DECIMAL, "48.85", 48.85),
        (Kind.BOOLEAN, True, True),
        (Kind.DATE, "2026-11-30T00:00:00+01:00", "2026-11-30"),
        (Kind.CODES, [7021, "2210"], ["7021", "2210"]),
        (Kind.CODES, "7021", ["7021"]),
    ],
)
def test_the_vendors_value_is_held_in_our_type(kind: Kind, value: object, ours: object) -> None:
    assert normalise([_field(kind)], {"x": value, "unknown": [1]}) == {"x": ours, "unknown": [1]}


def test_items_are_held_in_the_types_of_their_fields_and_what_is_no_item_is_left_out() -> None:
    items = _field(Kind.ITEMS, items=(Field("n", "N", "group", kind=Kind.INTEGER),))
    assert items.normalise([{"n": "1", "other": "x"}, "junk", None]) == [{"n": 1, "other": "x"}]
    assert items.normalise({"n": "2"}) == [{"n": 2}]
    assert items.normalise("junk") == []


@given(st.lists(st.from_regex(r"[0-9]{1,6}", fullmatch=True), unique=True))
def test_typed_codes_come_back_as_they_were(codes: list[str]) -> None:
    field = _field(Kind.CODES)
    assert (field.parse(field.type(codes)) or []) == codes


@given(st.integers() | st.booleans() | st.dates())
def test_what_a_form_shows_means_the_same_value_again(value: Any) -> None:
    kind = Kind.BOOLEAN if isinstance(value, bool) else Kind.INTEGER if isinstance(value, int) else Kind.DATE
    stored = value.isoformat() if kind is Kind.DATE else value
    assert _field(kind).parse(_field(kind).type(stored)) == stored


def test_a_field_without_editions_is_in_all_of_them() -> None:
    assert _field().exists_in("earlier")
    assert not _field(editions=frozenset({"current"})).exists_in("earlier")
