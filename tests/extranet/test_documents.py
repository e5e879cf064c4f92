"""The vendor's documents by our names and back, without loss of anything, known or not."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from drafts.merge import is_blank
from extranet import documents
from extranet.fields import FIELDS
from extranet.models import CopperOrder
from tests.extranet.order_factory import (
    EXAMPLES,
    edit,
    elsewhere,
    example,
    ingested,
    refreshed,
    requests,
    send,
    upstream,
    upstream_id,
)
from tests.sandbox.copper import activation
from tests.sandbox_process import SandboxProcess

PREFIX = "extranet-"
NAMES = sorted(file.stem.removeprefix(PREFIX) for file in EXAMPLES.glob(f"{PREFIX}*.json"))
# Where in an order the page's examples of parts belong.
PARTS = {
    "contact-operator": ("contacts", "operator"),
    "contact-owner": ("contacts", "owner"),
    "pop": (),
    "product": ("product",),
    "product-code": ("product",),
    "reference-endpoint": ("reference_endpoint",),
}

leaves = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5)
names = st.sampled_from(
    ["owner", "options", "grt", "enabled", "value", "endpoints", "endpoint_ref", "enni", "product", "code"]
) | st.text(st.characters(codec="utf-8"), max_size=3)
nested = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.just("7"), inner, max_size=4),
    max_leaves=12,
)
parts = {name.partition(".")[0] for name in (field.name for field in FIELDS)}
orders = st.builds(
    lambda known, unknown: {**unknown, **known},
    st.dictionaries(st.sampled_from(sorted(parts)), nested, max_size=6),
    st.dictionaries(names, nested, max_size=3),
)


def _within(parts: tuple[str, ...], part: Any) -> dict[str, Any]:
    """An order that holds a part at its place."""
    for name in reversed(parts):
        part = {name: part}
    return {"order_uuid": "t8jcx8tp", "status": "draft", "comment": "Before", **part}


def _examples() -> dict[str, dict[str, Any]]:
    """Every example of the page that shows an order or a part of one, as an order."""
    wholes = {name: example(name) for name in NAMES if name not in PARTS}
    orders = {
        name: {"order_uuid": "t8jcx8tp", "status": "draft", **raw} for name, raw in wholes.items() if raw
    }
    return orders | {name: _within(place, example(name)) for name, place in PARTS.items()}


EXAMPLE_ORDERS = _examples()


def test_every_example_of_the_page_is_here() -> None:
    assert set(NAMES) == {
        *PARTS, "create-order-request", "create-order-answer", "delete-order-answer", "submit-order-answer",
    }  # fmt: skip


# Reading


def test_an_order_is_read_by_our_names() -> None:
    read = documents.read(example("create-order-answer"))
    assert read["product.code"] == "SD01"
    assert read["contacts.operator.contact_uuid"] == "bp5nkkcx"
    assert read["endpoints"] == [{"endpoint_ref_type": "line_number", "endpoint_ref": "0143340043"}]
    assert (read["options.grt.enabled"], read["options.grt.value"]) == (True, "4h_24_7")
    assert read["enni.enni_vlan"] == "111"
    assert "address.building" not in read
    assert "status" not in read


def test_a_number_for_a_text_is_read_as_a_text() -> None:
    assert documents.read({"enni": {"enni_vlan": 111}})["enni.enni_vlan"] == "111"


def test_a_single_endpoint_is_read_as_a_list_of_one() -> None:
    end = {"endpoint_ref": "0143340043", "endpoint_ref_type": "line_number"}
    assert documents.read({"endpoints": end})["endpoints"] == [end]


@pytest.mark.parametrize(
    "raw",
    [
        {"owner": "Untel", "contacts": ["x"], "options": 7, "address": None, "enni": {"enni_vlan": None}},
        {"endpoints": "0143340043"},
        {"endpoints": [None, "0143340043", 7, {}, {"endpoint_ref": None}]},
        {"contacts": {"operator": "bp5nkkcx"}, "options": {"grt": True}},
    ],
)
def test_what_has_another_shape_than_documented_is_read_as_nothing(raw: dict[str, Any]) -> None:
    assert all(is_blank(value) for value in documents.read(raw).values())


def test_empty_endpoints_do_not_shift_those_that_follow() -> None:
    end = {"endpoint_ref": "0143340043", "endpoint_ref_type": "line_number"}
    order = CopperOrder(upstream_id="t8jcx8tp")
    order.upstream = documents.read({"endpoints": [{}, end]})
    order.draft = {"endpoints": [end]}
    assert order.unsent == []


# Writing


@pytest.mark.parametrize("name", sorted(EXAMPLE_ORDERS))
def test_an_example_without_changes_is_written_as_it_came(name: str) -> None:
    raw = EXAMPLE_ORDERS[name]
    before = deepcopy(raw)
    assert documents.with_changes(raw, {}) == before
    assert documents.with_changes(raw, documents.read(raw)) == before


@pytest.mark.parametrize("name", sorted(EXAMPLE_ORDERS))
def test_an_example_is_written_with_one_change_and_no_other(name: str) -> None:
    raw = EXAMPLE_ORDERS[name]
    before = deepcopy(raw)
    assert documents.with_changes(raw, {"comment": "After"}) == before | {"comment": "After"}
    assert raw == before, "what was read stays as it is"


@given(orders)
def test_any_document_is_written_as_it_came_but_for_the_change(raw: dict[str, Any]) -> None:
    before = deepcopy(raw)
    assert documents.with_changes(raw, {}) == before
    assert documents.with_changes(raw, {"comment": "After"}) == before | {"comment": "After"}
    assert raw == before


@given(orders)
def test_any_document_stays_as_it_came_when_what_it_lacks_is_emptied(raw: dict[str, Any]) -> None:
    read = documents.read(raw)
    lacking = {field.name: None for field in FIELDS if is_blank(read.get(field.name))}
    kept = documents.with_changes(raw, lacking)
    assert documents.read(kept) == {name: value for name, value in read.items() if not is_blank(value)}
    assert {name: raw[name] for name in raw if name not in parts} == {
        name: kept[name] for name in kept if name not in parts
    }


def test_what_was_emptied_is_removed_with_the_objects_that_hold_nothing_then() -> None:
    raw = {"options": {"grt": {"enabled": True, "value": "4h_bhbd"}}, "owner": {"name": "Untel"}}
    changes = {"options.grt.enabled": None, "options.grt.value": ""}
    assert documents.with_changes(raw, changes) == {"owner": {"name": "Untel"}}


def test_what_nobody_knows_stays_beside_what_was_emptied() -> None:
    raw = {"options": {"grt": {"enabled": True, "default_value": "4h_bhbd"}, "7": {"enabled": True}}}
    assert documents.with_changes(raw, {"options.grt.enabled": None}) == {
        "options": {"grt": {"default_value": "4h_bhbd"}, "7": {"enabled": True}}
    }


def test_emptying_a_field_of_what_is_no_object_leaves_it_as_it_is() -> None:
    assert documents.with_changes({"owner": "Untel"}, {"owner.name": None}) == {"owner": "Untel"}


def test_a_value_replaces_what_is_no_object() -> None:
    assert documents.with_changes({"owner": "Untel"}, {"owner.name": "Autre"}) == {"owner": {"name": "Autre"}}


# Anew


def test_a_new_document_holds_our_values_at_their_places() -> None:
    values = {"type": "activate", "product.code": "SD01", "enni.enni_vlan": "111", "endpoints": [{"a": "b"}]}
    assert documents.as_new({}, values) == {
        "type": "activate",
        "product": {"code": "SD01"},
        "enni": {"enni_vlan": "111"},
        "endpoints": [{"a": "b"}],
    }


def test_the_page_s_request_is_what_is_sent_for_the_order_that_it_makes() -> None:
    """But for the two values that differ between the page's request and its answer."""
    request, answer = example("create-order-request"), example("create-order-answer")
    answer["options"]["grt"] = request["options"]["grt"]
    answer["enni"] = request["enni"]
    assert documents.as_new(answer, documents.read(answer)) == request


def test_a_recreated_order_keeps_what_is_unknown_and_nothing_that_was_emptied() -> None:
    raw = example("create-order-answer") | {"brand_new": {"7": [None, {}]}, "origin": "standard"}
    values = {name: value for name, value in documents.read(raw).items() if name != "comment"}
    new = documents.as_new(raw, values | {"address.floor": "04"})
    assert new["brand_new"] == {"7": [None, {}]}
    assert new["address"]["floor"] == "04"
    assert new["options"]["grt"]["default_value"] == "4h_bhbd"
    assert "comment" not in new
    assert not {"order_uuid", "alias", "status", "creation_date", "origin", "model"} & new.keys()
    assert new["product"] == {"code": "SD01"}


def test_a_recreated_order_leaves_out_what_covage_wrote_into_options_that_are_not_wanted() -> None:
    raw = example("create-order-answer")
    values = {
        name: None if name.startswith("options.") else value for name, value in documents.read(raw).items()
    }
    assert "options" not in documents.as_new(raw, values)
    raw["options"]["brand_new"] = {"enabled": True}
    assert documents.as_new(raw, values)["options"] == {"brand_new": {"enabled": True}}


# Through rows and the stand-in


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EXAMPLE_ORDERS))
def test_an_example_that_was_ingested_and_edited_is_put_as_it_came_with_that_one_change(name: str) -> None:
    raw = EXAMPLE_ORDERS[name]
    order = ingested(raw)
    assert (order.raw, order.unsent, order.conflicts) == (raw, [], {})
    order.edit({"comment": "After"}, {})
    assert documents.with_changes(order.raw, order.changes_to_send()) == raw | {"comment": "After"}


@pytest.mark.django_db
@given(raw=orders)
def test_any_order_that_was_ingested_and_edited_is_put_as_it_came_with_that_one_change(
    raw: dict[str, Any],
) -> None:
    order = CopperOrder(upstream_id="t8jcx8tp")
    whole = raw | {"order_uuid": "t8jcx8tp", "status": "draft", "comment": "Before"}
    order.merge_raw(whole, order.modified_at)
    assert (order.unsent, order.conflicts) == ([], {})
    order.edit({"comment": "After"}, {})
    assert documents.with_changes(order.raw, order.changes_to_send()) == whole | {"comment": "After"}
    assert order.missing() is not None
    assert str(order) == str(order)


@pytest.mark.django_db
def test_what_is_put_after_an_unrelated_edit_is_what_the_vendor_showed_with_that_edit(
    sandbox: SandboxProcess, sales: User
) -> None:
    made = elsewhere(sandbox).create_order(activation())
    unheard_of = {"brand_new": {"7": [None, {}], "deep": {"er": 1}}, "options": {"grt": {"x": {}}, "9": None}}
    sandbox.on_copper(made["order_uuid"], "change", unheard_of)
    raw = elsewhere(sandbox).order(made["order_uuid"])
    order = edit(ingested(raw, sales), sales, comment="After")
    # The vendor ignores what it doesn't know, but refuses options that it doesn't have.
    send(order)
    (put,) = requests(sandbox, "PUT")
    assert put["body"] == raw | {"comment": "After"}


@pytest.mark.django_db
def test_an_edit_and_nothing_else_reaches_the_vendor(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    before = upstream(sandbox, order)
    send(edit(order, sales, owner__name="Autre"))
    after = upstream(sandbox, order)
    moving = {"modification_date": after["modification_date"]}
    assert after == before | moving | {"owner": before["owner"] | {"name": "Autre"}}
    assert refreshed(order).raw == after
    assert upstream_id(order) == after["order_uuid"]
