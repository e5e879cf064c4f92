"""A set of fields as a whole: paths, labels, order."""

import pytest

from drafts.fields import Field, FieldSet, Kind

ENDS = Field(
    "endpoints",
    "Ends",
    "line",
    kind=Kind.ITEMS,
    items=(Field("ref", "Number", "line"), Field("kind", "Kind", "line")),
    each="%(label)s (end %(number)d)",
)
KNOWN = FieldSet(
    (Field("product.code", "Product", "what"), ENDS, Field("comment", "Comment", "notes")),
    {"what": "What", "line": "Line", "notes": "Notes"},
)


def test_a_name_with_dots_is_a_name() -> None:
    assert KNOWN.field_at("product.code") is KNOWN.fields[0]
    assert KNOWN.field_at("product.name") is None
    assert KNOWN.field_at("product") is None


def test_a_path_into_a_list_leads_to_the_field_of_its_items() -> None:
    assert KNOWN.field_at("endpoints.3.kind") is ENDS.items[1]
    assert KNOWN.field_at("endpoints") is ENDS
    for wrong in ("endpoints.kind", "endpoints.x.kind", "endpoints.0.other", "comment.0.kind"):
        assert KNOWN.field_at(wrong) is None


def test_items_after_the_first_are_named_with_their_number() -> None:
    assert KNOWN.label_of("endpoints.0.ref") == "Number"
    assert KNOWN.label_of("endpoints.1.ref") == "Number (end 2)"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("never_heard_of", "Never heard of"),
        ("options.grt.default_value", "Options › grt › default value"),
        ("product.options.0.sla", "Product › options › 1 › sla"),
        ("2024", "2024"),
        ("kept.1234567", "Kept › 1234567"),
        ("", ""),
    ],
)
def test_what_is_none_of_ours_is_named_by_its_own_words(path: str, words: str) -> None:
    assert KNOWN.label_of(path) == words


def test_paths_sort_in_the_order_of_the_form() -> None:
    paths = [
        "product.code",
        "endpoints",
        "endpoints.0.ref",
        "endpoints.0.kind",
        "endpoints.1.ref",
        "comment",
        "new",
    ]
    mixed = [*paths[3:], *paths[:3]]
    assert sorted(mixed, key=KNOWN.position) == paths


def test_what_nobody_declared_belongs_to_the_last_group() -> None:
    assert KNOWN.group_of("endpoints.0.ref") == "line"
    assert KNOWN.group_of("new") == "notes"


def test_fields_come_by_group() -> None:
    grouped = [
        (group, [field.name for field in among]) for group, _title, among in KNOWN.in_groups(KNOWN.fields)
    ]
    assert grouped == [("what", ["product.code"]), ("line", ["endpoints"]), ("notes", ["comment"])]
