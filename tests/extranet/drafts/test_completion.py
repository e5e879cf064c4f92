"""What follows from what was typed into a copper order: pure, but for the order itself."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from drafts import editing
from drafts.fields import Kind
from drafts.models import own_reference
from extranet.drafts.completion import completed
from extranet.fields import ENDPOINTS, FIELDS
from extranet.models import CopperOrder


def holding(**values: Any) -> CopperOrder:
    order = CopperOrder()
    order.edit({path.replace("__", "."): value for path, value in values.items()}, {})
    return order


def read(order: CopperOrder, texts: dict[str, str]) -> editing.Edit:
    return editing.read_edit(order, texts, editing.texts_of(order), completed)


def test_the_commune_completes_its_other_part() -> None:
    assert read(CopperOrder(), {"address.insee_code": "76451"}).values["address.city"] == "Mont-Saint-Aignan"
    named = read(CopperOrder(), {"address.city": "Mont-Saint-Aignan"})
    assert named.values["address.insee_code"] == "76451"
    assert named.filled == ["address.insee_code"]


def test_what_is_stored_or_was_typed_in_the_other_part_is_left_as_it_is() -> None:
    other = read(holding(address__city="Rouen"), {"address.insee_code": "76451"})
    assert "address.city" not in other.values
    wrong = read(CopperOrder(), {"address.insee_code": "none", "address.city": "Mont-Saint-Aignan"})
    assert wrong.typed == {"address.insee_code": "none"}
    assert "address.insee_code" not in wrong.values


def test_an_option_that_is_given_a_value_is_wanted() -> None:
    assert read(CopperOrder(), {"options.grt.value": "4h_24_7"}).values["options.grt.enabled"] is True
    both = {"options.grt.value": "4h_24_7", "options.grt.enabled": ""}
    assert read(CopperOrder(), both).filled == ["options.grt.enabled"]


def test_an_option_that_somebody_answered_stays_answered() -> None:
    refused = holding(options__grt__enabled=False)
    assert "options.grt.enabled" not in read(refused, {"options.grt.value": "4h_24_7"}).values
    at_once = {"options.grt.value": "4h_24_7", "options.grt.enabled": "false"}
    assert read(CopperOrder(), at_once).values["options.grt.enabled"] is False


def test_an_option_whose_value_is_emptied_or_that_is_unticked_stays_so() -> None:
    chosen = holding(options__grt__enabled=True, options__grt__value="4h_24_7")
    assert read(chosen, {"options.grt.value": ""}).values == {"options.grt.value": None}
    taken_back = read(chosen, {"options.grt.enabled": "", "options.grt.value": "4h_bhbd"})
    assert taken_back.values["options.grt.enabled"] is None


def test_ten_digits_are_the_number_of_a_line() -> None:
    for path in ("reference_endpoint.endpoint_ref", "endpoints.0.endpoint_ref", "endpoints.3.endpoint_ref"):
        assert read(CopperOrder(), {path: "01 43 34 00 43"}).values[f"{path}_type"] == "line_number"
        assert f"{path}_type" not in read(CopperOrder(), {path: "NRA-12"}).values
        both = {path: "0143340043", f"{path}_type": "nd"}
        assert read(CopperOrder(), both).values[f"{path}_type"] == "nd"


def test_a_reference_that_is_emptied_is_the_orders_own_again() -> None:
    order = holding(operator_order_ref="MINE")
    edit = read(order, {"operator_order_ref": " "})
    assert edit.values == {"operator_order_ref": own_reference(order.uuid)}
    assert edit.filled == ["operator_order_ref"]


PATHS = [field.name for field in FIELDS if field.kind is not Kind.ITEMS]
PATHS = [path for path in PATHS if path not in CopperOrder().locked_fields()]
PATHS += [f"{ENDPOINTS}.{n}.{leaf}" for n in (0, 1) for leaf in ("endpoint_ref", "endpoint_ref_type")]


@given(st.dictionaries(st.sampled_from(PATHS), st.text(max_size=20), max_size=5))
def test_whatever_is_typed_is_there_afterwards(texts: dict[str, str]) -> None:
    order = CopperOrder()
    edit = read(order, texts)
    order.edit(edit.values, edit.typed)
    typed = {path for path, text in texts.items() if text.replace("\0", "").strip()}
    assert typed == {*edit.values, *edit.typed} - {*edit.filled}
    again = editing.texts_of(order)
    assert editing.read_edit(order, again, again, completed) == editing.Edit({}, {}, {}, [], [])
