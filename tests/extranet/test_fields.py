"""The declared fields of a copper order."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError

from drafts.fields import Field, Kind
from extranet.fields import ENDPOINTS, FIELDS, GROUPS, ORDER, is_updatable
from tests.extranet.order_factory import EXAMPLES, example

# What the vendor itself sets on an order, or shows beside it.
THEIRS = {
    "model", "order_uuid", "alias", "operator_uuid", "status", "origin", "creation_date", "modification_date",
    "options.grt.default_value", "product.name", "product.description", "product.line",
}  # fmt: skip


def _leaves(document: object, path: str = "") -> Iterator[str]:
    if isinstance(document, dict) and path not in THEIRS:
        for name, value in document.items():
            yield from _leaves(value, f"{path}.{name}" if path else name)
    else:
        yield path


def test_every_field_has_a_group_and_a_name_of_its_own() -> None:
    names = [field.name for field in FIELDS]
    assert len(names) == len(set(names))
    assert {field.group for field in FIELDS} == set(GROUPS)


@pytest.mark.parametrize("name", ["create-order-request", "create-order-answer"])
def test_every_field_of_the_page_s_examples_is_declared(name: str) -> None:
    assert EXAMPLES.exists()
    assert set(_leaves(example(name))) - THEIRS <= ORDER.names


def test_every_option_that_is_known_by_code_is_declared() -> None:
    options = {name.split(".")[1] for name in ORDER.names if name.startswith("options.")}
    assert options == {
        "portability", "grt", "unlisted_number", "internal_cabling", "demarcation_device", "contract_term",
        "enni_redundancy",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("enni.enni_vlan", " 0111 ", "111"),
        ("endpoints.0.endpoint_ref", "01 43 34 00 43", "0143340043"),
        ("reference_endpoint.endpoint_ref", "01 43 34 00 43", "0143340043"),
        ("owner.siret", "732 829 320 00074", "73282932000074"),
        ("contacts.owner.phone_number", "01 23 45 67 89", "0123456789"),
        ("options.portability.rio_code", "01p2q3abc4de", "01P2Q3ABC4DE"),
        ("options.grt.enabled", "yes", True),
        ("batch_alias", "b180612_00001", "B180612_00001"),
        ("comment", "", None),
    ],
)
def test_what_was_typed_becomes_what_is_sent(path: str, typed: str, value: object) -> None:
    assert _field(path).parse(typed) == value


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("enni.enni_vlan", "0"),
        ("enni.enni_vlan", "4095"),
        ("enni.enni_vlan", "many"),
        ("owner.siret", "12"),
        ("address.insee_code", "9202"),
        ("contacts.owner.email", "nobody"),
        ("options.portability.rio_code", "12"),
        ("batch_alias", "B1"),
        ("operator_order_ref", "x" * 101),
    ],
)
def test_what_is_no_value_is_refused_with_a_sentence(path: str, typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _field(path).parse(typed)
    assert refused.value.messages[0].endswith(".")


def _field(path: str) -> Field:
    field = ORDER.field_at(path)
    assert field is not None
    return field


def test_the_second_line_is_distinguished_from_the_first() -> None:
    assert ORDER.label_of("endpoints.0.endpoint_ref") == "Line number"
    assert ORDER.label_of("endpoints.1.endpoint_ref") == "Line number (line 2)"
    assert _field(ENDPOINTS).kind is Kind.ITEMS


def test_a_put_changes_what_the_page_says_and_is_tried_on_endpoints() -> None:
    updatable = {field.name for field in FIELDS if is_updatable(field.name)}
    assert {name.partition(".")[0] for name in updatable} == {
        "owner", "comment", "contacts", "options", "operator_order_ref", "operator_order_name", "enni",
        "batch_alias", "endpoints",
    }  # fmt: skip
    assert not is_updatable("product.code")
    assert not is_updatable("address.city")
