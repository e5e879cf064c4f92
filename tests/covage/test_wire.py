"""The editions' spellings: all are read, the configured one is written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covage.wire import EDITIONS, NESTED, Edition, canonical_name, read, write

LINE = {
    "enni2": "CN2",
    "cpe_network_number": "NET-1",
    "temporary_reference": "PO_1",
    "vlan_reference": 1257,
    "brand_new": {"enni2": [1]},
}
PAIR = {"contact1_firstname": "John", "contact1_lastname": "Doe", "siret": "1"}

SPELLED: dict[Edition, dict[str, Any]] = {
    "current": LINE | {"related_contact_information": [PAIR]},
    "tables": {
        "enni_2": "CN2",
        "cpe_networking_number": "NET-1",
        "temporary_reference": "PO_1",
        "vlan_reference": 1257,
        "brand_new": {"enni2": [1]},
        "related_contact_information": [PAIR],
    },
    "earlier": {
        "enni2": "CN2",
        "cpe_network_number": "NET-1",
        "reference_id": "PO_1",
        "vlan_reference": 1257,
        "brand_new": {"enni2": [1]},
        "related_contact_information": [{"contact1_name": "John Doe", "siret": "1"}],
    },
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_edition_is_written_as_it_spells(edition: Edition) -> None:
    canonical = LINE | {"related_contact_information": [PAIR]}
    assert write(canonical, edition) == SPELLED[edition]
    assert write({"product_order_item": [canonical]}, edition) == {"product_order_item": [SPELLED[edition]]}


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_edition_is_read_into_one_spelling(edition: Edition) -> None:
    contact = SPELLED[edition]["related_contact_information"][0]
    assert read(SPELLED[edition]) == LINE | {"related_contact_information": [contact]}
    assert read({"product_order_item": [SPELLED[edition]]})["product_order_item"][0]["enni2"] == "CN2"


@pytest.mark.parametrize(
    ("both", "kept"),
    [
        ({"enni2": "a", "enni_2": "b"}, "a"),
        ({"enni_2": "b", "enni2": "a"}, "a"),
        ({"enni2": "", "enni_2": "b"}, "b"),
        ({"enni_2": "b", "enni2": None}, "b"),
        ({"enni_2": "", "enni2": ""}, ""),
    ],
)
def test_of_two_spellings_the_one_that_says_something_counts(both: dict[str, Any], kept: str) -> None:
    assert read(both) == {"enni2": kept}


def test_a_name_is_never_split() -> None:
    contact = {"contact1_name": "Jean Pierre Petit", "contact2_name": ""}
    document = {"related_contact_information": [contact]}
    assert read(document) == document
    assert write(document, "current") == document
    assert write(document, "earlier") == document


@pytest.mark.parametrize(
    ("contact", "sent"),
    [
        ({"contact2_firstname": "Jane", "contact2_lastname": ""}, {"contact2_name": "Jane"}),
        ({"contact2_firstname": None, "contact2_lastname": "Doe"}, {"contact2_name": "Doe"}),
        ({"contact2_firstname": "", "contact2_lastname": ""}, {"contact2_name": ""}),
        ({"contact2_lastname": "Doe"}, {"contact2_name": "Doe"}),
        ({"contact2_name": "J. Doe", "contact2_lastname": "Doe"}, {"contact2_name": "J. Doe"}),
        ({"contact2_name": "", "contact2_lastname": "Doe"}, {"contact2_name": "Doe"}),
        ({"siret": "1"}, {"siret": "1"}),
    ],
)
def test_the_earlier_edition_gets_one_name(contact: dict[str, Any], sent: dict[str, Any]) -> None:
    document = {"related_contact_information": [contact]}
    assert write(document, "earlier") == {"related_contact_information": [sent]}


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (1257, 1257),
        ("1257", 1257),
        (" 1257 ", 1257),
        ("1257.0", 1257),
        (1257.0, 1257),
        ("", None),
        (None, None),
        ("12a", None),
        ("1_2", None),
        ("²", None),
        (12.5, None),
        (True, None),
        ("9" * 5000, None),
        ([], None),
        (float("inf"), None),
    ],
)
def test_a_vlan_is_stored_as_a_number(raw: object, number: int | None) -> None:
    assert read({"vlan_reference": raw}) == {"vlan_reference": number}


@pytest.mark.parametrize(("stored", "sent"), [(12, 12), (None, None), ("12", 12), ("", None), ("12a", "12a")])
def test_a_vlan_is_sent_as_a_number_where_it_is_one(stored: object, sent: object) -> None:
    assert write({"vlan_reference": stored}, "current") == {"vlan_reference": sent}


@pytest.mark.parametrize("odd", [None, "text", 1, ["text", None], [[{"siret": "1"}]], {"siret": "1"}])
@pytest.mark.parametrize("key", NESTED)
def test_odd_contents_pass_through(key: str, odd: object) -> None:
    assert read({key: odd}) == {key: odd}


def test_documents_share_nothing_with_what_comes_out() -> None:
    document: dict[str, Any] = {"option_ids": ["1"], "related_contact_information": [{"extra": ["x"]}]}
    read(document)["related_contact_information"][0]["extra"].append("y")
    write(document, "tables")["option_ids"].append("2")
    assert document == {"option_ids": ["1"], "related_contact_information": [{"extra": ["x"]}]}


def test_single_names_are_made_canonical() -> None:
    assert [canonical_name(name) for name in ("enni_2", "reference_id", "siret")] == [
        "enni2",
        "temporary_reference",
        "siret",
    ]


spelled_otherwise = {"enni_2", "cpe_networking_number", "reference_id"}
pairs = {f"contact{number}_{part}" for number in (1, 2) for part in ("firstname", "lastname", "name")}
values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
plain_names = st.text() | st.sampled_from(["enni2", "cpe_network_number", "temporary_reference", "note"])
documents = st.recursive(
    st.dictionaries(plain_names.filter(lambda name: name not in spelled_otherwise | pairs), values),
    lambda inner: st.dictionaries(st.sampled_from(NESTED), st.lists(inner, max_size=3)),
)


@given(documents, st.sampled_from(EDITIONS))
def test_what_is_written_is_read_back(document: dict[str, Any], edition: Edition) -> None:
    assert read(write(document, edition)) == document


@given(st.dictionaries(st.sampled_from(sorted(pairs | {"siret"})), st.text()))
def test_the_earlier_edition_never_sees_a_pair(contact: dict[str, str]) -> None:
    [sent] = write({"related_contact_information": [contact]}, "earlier")["related_contact_information"]
    assert not {name for name in sent if name.endswith(("firstname", "lastname"))}
    assert set(sent) <= {"siret", "contact1_name", "contact2_name"}
