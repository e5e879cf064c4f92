"""What an order calls for: by its type, what is to be activated, and its product."""

from typing import Any

import pytest

from extranet.drafts.applicability import (
    applicable_fields,
    choices_in,
    family_of,
    is_applicable,
    months_of_term,
)
from tests.extranet.order_factory import example

SDSL = {
    "code": "SD01",
    "line": {"family": {"code": "S"}},
    "options": {"grt": {"value": ["4h_bhbd", "4h_24_7"]}},
}
ADSL = {"code": "AM01", "line": {"family": {"code": "A"}}, "options": {"portability": {}}}


def _field_groups(draft: dict[str, Any], product: dict[str, Any] | None = None) -> set[str]:
    """The parts of an order that it calls for."""
    fields = applicable_fields({"type": "activate"} | draft, SDSL if product is None else product)
    return {field.name.partition(".")[0] for field in fields}


@pytest.mark.parametrize(
    ("how", "called", "not_called"),
    [
        (None, set(), {"endpoints", "reference_endpoint", "activation_info", "address"}),
        ("activate", {"endpoints", "activation_info", "address"}, {"reference_endpoint"}),
        ("create", {"reference_endpoint", "address"}, {"endpoints", "activation_info"}),
        ("create_nearby", {"reference_endpoint", "address"}, {"endpoints", "activation_info"}),
        ("create_neighbour", {"reference_endpoint", "address"}, {"endpoints", "activation_info"}),
        ("unheard_of", {"address"}, {"endpoints", "reference_endpoint", "activation_info"}),
    ],
)
def test_the_activation_type_decides_which_line_and_address_are_groups_for(
    how: str | None, called: set[str], not_called: set[str]
) -> None:
    groups = _field_groups({"activation_type": how})
    assert called <= groups
    assert not not_called & groups


def test_a_line_beside_ones_own_may_say_where_in_the_house_it_ends_and_not_in_which() -> None:
    draft = {"type": "activate", "activation_type": "create"}
    assert is_applicable("address.floor", draft, SDSL)
    assert not is_applicable("address.street_name", draft, SDSL)
    assert not is_applicable("address.city", draft, SDSL)


def test_only_the_sdsl_family_names_an_enni_service() -> None:
    assert "enni" in _field_groups({}, SDSL)
    assert "enni" not in _field_groups({}, ADSL)
    assert "enni" not in _field_groups({}, {})


def test_a_product_has_the_options_in_its_document_or_else_any() -> None:
    assert is_applicable("options.grt.value", {}, SDSL)
    assert not is_applicable("options.portability.rio_code", {}, SDSL)
    assert is_applicable("options.portability.rio_code", {}, {})
    assert is_applicable("options.portability.rio_code", {}, {"options": "all"})


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (None, {"owner.name"}),
        ("registrated", {"owner.name", "owner.siret"}),
        ("unregistrated", {"owner.name"}),
        ("individual", {"owner.first_name", "owner.last_name"}),
    ],
)
def test_the_customer_s_kind_decides_how_they_are_named(kind: str | None, names: set[str]) -> None:
    fields = applicable_fields({"type": "activate", "owner.type": kind}, SDSL)
    assert {field.name for field in fields if field.name.startswith("owner.")} == {"owner.type", *names}


def test_a_termination_asks_for_its_contact_and_names() -> None:
    assert _field_groups({"type": "terminate"}) == {
        "contacts", "operator_order_ref", "operator_order_name", "batch_alias", "comment",
    }  # fmt: skip


def test_a_field_with_a_value_or_a_message_is_shown_though_it_does_not_apply() -> None:
    draft = {"type": "activate", "activation_type": "create", "endpoints": [{"endpoint_ref": "x"}]}
    assert "endpoints" in {field.name for field in applicable_fields(draft, SDSL)}
    spoken = applicable_fields({"type": "activate"}, SDSL, {"eligibility_ref", "enni.enni_vlan"})
    assert "enni.enni_vlan" in {field.name for field in spoken}
    begun = {"type": "terminate", "service_uuid": "s1", "service_alias": "S1"}
    assert not {"type", "service_uuid", "service_alias"} & {
        field.name for field in applicable_fields(begun, SDSL)
    }


def test_the_family_and_the_choices_come_from_the_product_s_own_document() -> None:
    assert family_of(example("product")) == "A"
    assert choices_in(SDSL, "grt") == ["4h_bhbd", "4h_24_7"]
    assert choices_in(SDSL, "contract_term") == []


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"line": []},
        {"line": {"family": "A"}},
        {"line": {"family": {}}},
        {"line": {"family": {"code": None}}},
    ],
)
def test_an_odd_product_has_no_family_and_no_choices(odd: dict[str, Any]) -> None:
    assert family_of(odd) == ""
    assert choices_in(odd | {"options": ["grt"]}, "grt") == []
    assert choices_in(odd | {"options": {"grt": "4h"}}, "grt") == []


@pytest.mark.parametrize(
    ("chosen", "offered", "months"),
    [
        ({"enabled": True, "value": "36_months"}, {"default_value": "12_months"}, 36),
        ({"enabled": False, "value": "36_months"}, {"default_value": "12_months"}, 12),
        ({"default_value": "24_months"}, {"default_value": "12_months"}, 24),
        ({"enabled": True, "value": {}}, "x", None),
        (None, None, None),
    ],
)
def test_a_term_is_that_of_the_option_or_else_of_the_product(
    chosen: Any, offered: Any, months: int | None
) -> None:
    raw, product = {"options": {"contract_term": chosen}}, {"options": {"contract_term": offered}}
    assert months_of_term(raw, product) == months
