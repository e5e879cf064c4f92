"""The fields of the vendor's documents of an order: labels, groups and formatted values."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracking.orders import fields

SPEC = Path(__file__).parents[2] / "fixtures" / "spec"
SHOWN = [
    ("state", "City of light", "City of light"),
    ("state", "in_progress", "in production"),
    ("step", "connexion_planned", "connection planned"),
    ("estimated_delivery_date", "2026-12-01", "01/12/2026"),
    ("estimated_delivery_date", "soon", "soon"),
    ("modification_date", "2026-10-01T10:00:00Z", "01/10/2026 12:00"),
    ("modification_date", "yesterday", "yesterday"),
    ("total_amount_monthly", 4080.0, "4,080.00 €"),
    ("total_amount_monthly", "on request", "on request"),
    ("total_amount_monthly", True, "yes"),
    ("minimum_commitment_duration", 12, "12 months"),
    ("notice_period", "1", "1 month"),
    ("notice_period", "three months", "three months"),
    ("delivery_lead_time_label", "T0 + 1 week", "1 week after the order"),
    ("delivery_lead_time_label", "T0 + 8 weeks", "8 weeks after the order"),
    ("delivery_lead_time_label", "T0 + 10 days", "10 days after the order"),
    ("delivery_lead_time_label", "as agreed", "as agreed"),
    ("delivery_mode", "single_attached", "Single attached"),
    ("billing_period", "mensuelle", "Mensuelle"),
    ("delivery_lead_time", "6", "6 weeks"),
    ("delivery_lead_time", "6 to 8", "6 to 8"),
    ("fon_security", False, "no"),
    ("product.bandwidth_guarantee", "G", "G"),
    ("product.bandwidth_guarantee", 100.0, "100"),
    ("product.bandwidth_guarantee", 1.5, "1.5"),
    ("option_ids", ["194", "237"], "194, 237"),
    ("product.options.3.price", 12, "12.00 €"),
    ("nobody_knows", {"a": 1}, "{'a': 1}"),
    ("note", None, ""),
    ("note", "", ""),
    ("option_ids", [], ""),
]
LABELS = [
    ("service_reference", "Service reference"),
    ("documents", "New documents"),
    ("step", "Production step"),
    ("product.options.0.label", "Label (option 1)"),
    ("product.far", "FAR"),
    ("manager_regional.phone", "Regional manager: Phone"),
    ("manager_regional", "Regional manager"),
    ("related_contact_information.0.city", "City"),
    ("related_contact_information.1.city", "City (site 2)"),
    ("termination_error.0.code", "Code"),
    ("nobody_knows", "Nobody knows"),
    ("product.nobody_knows", "Product › nobody knows"),
]


@pytest.mark.parametrize(("path", "value", "text"), SHOWN)
def test_a_value_is_formatted_for_people_or_shown_as_it_came(path: str, value: Any, text: str) -> None:
    assert fields.show(path, value) == text


@pytest.mark.parametrize(("path", "label"), LABELS)
def test_every_path_has_a_label_and_an_unknown_one_its_own_words(path: str, label: str) -> None:
    assert fields.label_of(path) == label


def _paths(document: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in document.items():
        yield f"{prefix}{name}"
        items = value if isinstance(value, list) else [value]
        for place, item in enumerate(items):
            if isinstance(item, dict):
                yield from _paths(item, f"{prefix}{name}.{place}." if value is items else f"{prefix}{name}.")


@pytest.mark.parametrize("name", ["detail", "list-item", "detail-product", "detail-product-options"])
def test_everything_in_the_documentations_examples_is_declared(name: str) -> None:
    document = json.loads((SPEC / f"order-tracking-order-{name}.json").read_text(encoding="utf-8"))
    if name == "detail-product-options":
        document = {"product": document}
    assert [path for path in _paths(document) if fields.declared_at(path) is None] == []


def test_nothing_is_declared_twice() -> None:
    paths = [field.path for field in fields.FIELDS]
    assert len(paths) == len(set(paths))


def test_every_declared_field_belongs_to_a_group_or_occurs_in_changes_only() -> None:
    assert {field.group for field in fields.FIELDS} == {*fields.GROUPS, ""}
    assert {field.path for field in fields.FIELDS if not field.group} == {"step", "step_reason", "documents"}


def test_a_group_shows_no_lists_and_no_managers_among_its_plain_things() -> None:
    paths = [field.path for group in fields.GROUPS for field in fields.in_group(group)]
    assert "product.far" in paths
    assert not [path for path in paths if "*" in path or path.startswith("manager_") or path == "product"]


def test_an_echoing_field_names_one_before_it_in_its_group() -> None:
    for group in fields.GROUPS:
        seen: list[str] = []
        for field in fields.in_group(group):
            assert not field.echoes or field.echoes in seen
            seen.append(field.path)
