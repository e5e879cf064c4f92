"""One telephone number, one value: how it is stored, shown, dialled and compared."""

import pytest

from drafts import formats
from drafts.merge import differences, merge, same
from drafts.numbers import phones

# Stored, shown, dialled.
PARIS = ("0143340043", "01 43 34 00 43", "+33143340043")
GUADELOUPE = ("0590501234", "05 90 50 12 34", "+590590501234")
MARTINIQUE = ("0596501234", "05 96 50 12 34", "+596596501234")
GUYANE = ("0594301234", "05 94 30 12 34", "+594594301234")
REUNION = ("0262501234", "02 62 50 12 34", "+262262501234")
MAYOTTE = ("0269601234", "02 69 60 12 34", "+262269601234")
MOBILE = ("0612345678", "06 12 34 56 78", "+33612345678")
FICTION = ("0639981003", "06 39 98 10 03", "+33639981003")
MOBILE_MAYOTTE = ("0639012345", "06 39 01 23 45", "+262639012345")
MOBILE_MARTINIQUE = ("0696201234", "06 96 20 12 34", "+596696201234")
MOBILE_GUADELOUPE = ("0690001234", "06 90 00 12 34", "+590690001234")
MOBILE_GUYANE = ("0694201234", "06 94 20 12 34", "+594694201234")
MOBILE_REUNION = ("0692123456", "06 92 12 34 56", "+262692123456")
BOX = ("0987654321", "09 87 65 43 21", "+33987654321")
BOX_GUADELOUPE = ("0976001234", "09 76 00 12 34", "+590976001234")
FREE_CALL = ("0800123456", "08 00 12 34 56", "+33800123456")
SAINT_PIERRE = ("0508411234", "05 08 41 12 34", "+508411234")
BRUSSELS = ("+3225551212", "+32 2 555 12 12", "+3225551212")
EVERY = [
    PARIS, GUADELOUPE, MARTINIQUE, GUYANE, REUNION, MAYOTTE, MOBILE, FICTION, MOBILE_MAYOTTE, MOBILE_MARTINIQUE,
    MOBILE_GUADELOUPE, MOBILE_GUYANE, MOBILE_REUNION, BOX, BOX_GUADELOUPE, FREE_CALL, SAINT_PIERRE, BRUSSELS,
]  # fmt: skip


@pytest.mark.parametrize(("stored", "shown", "dialled"), EVERY)
def test_a_number_has_one_stored_one_shown_and_one_dialled_form(
    stored: str, shown: str, dialled: str
) -> None:
    """ARCEP's numbering plan (decision 2018-0881): ten digits, and the country code of each territory; E.164."""
    for spelling in (stored, shown, dialled, dialled.replace("+", "00"), shown.replace(" ", ".")):
        assert formats.phone(spelling) == stored
        assert phones.shown(spelling) == shown
        assert phones.dialled(spelling) == dialled


@pytest.mark.parametrize(
    "spelling",
    [
        "0596 50 12 34", "05.96.50.12.34", "05-96-50-12-34", "05/96/50/12/34", "(0596) 501234", "596501234",
        "+596 596 50 12 34", "+596596501234", "00596 596 50 12 34", "00596596501234", "+596 (0)596 50 12 34",
        "+596 0596 50 12 34", "+33 5 96 50 12 34", "0033596501234", "+33 (0)5 96 50 12 34", "596 596 50 12 34",
        "05\u201196\u201150\u201112\u201134", "05\u00a096\u00a050\u00a012\u00a034", "05\t96\t50\t12\t34",
    ],
)  # fmt: skip
def test_a_number_of_martinique_is_one_value_in_each_spelling(spelling: str) -> None:
    """E.164 and ARCEP's numbering plan: 0 within France, +596 or 00596 from elsewhere, and never both."""
    assert formats.phone(spelling) == "0596501234"


@pytest.mark.parametrize(
    "spelling",
    [
        "0143340043", "01 43 34 00 43", "01.43.34.00.43", "143340043", "+33143340043", "+33 1 43 34 00 43",
        "+33 (0)1 43 34 00 43", "+33(0)143340043", "0033143340043", "0033 (0)1 43 34 00 43", "33143340043",
    ],
)  # fmt: skip
def test_a_number_of_paris_is_one_value_in_each_spelling(spelling: str) -> None:
    """E.164 and ARCEP's numbering plan."""
    assert formats.phone(spelling) == "0143340043"


def test_a_number_without_its_first_0_is_the_number_that_has_it() -> None:
    """Covage's order tracking shows its managers' numbers so; every French number has ten digits."""
    assert formats.phone("639981003") == "0639981003"
    assert formats.phone("612345678") == "0612345678"


@pytest.mark.parametrize(
    "typed", ["+596 1 43 34 00 43", "+262 590 50 12 34", "+33 1 43 34 00", "+590 12", "12345678901"]
)
def test_a_country_code_before_a_number_of_another_territory_is_refused(typed: str) -> None:
    """ARCEP's numbering plan: each country code has its own territory's numbers."""
    assert phones.parse(typed) == ""
    assert (phones.shown(typed), phones.dialled(typed)) == (typed, "")


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ("+590690001234", "0690001234"),
        ("+262262123456", "0262123456"),
        ("+596696201234", "0696201234"),
        ("+594694201234", "0694201234"),
    ],
)
def test_a_number_stored_in_an_earlier_form_is_the_same_and_neither_changed_nor_in_conflict(
    earlier: str, now: str
) -> None:
    """E.164: both forms dial one line."""
    assert same(earlier, now)
    assert same(now, earlier)
    path = "contacts.owner.phone_number"
    assert differences({path: earlier}, {path: now}) == []
    merged = merge({path: now}, {path: earlier}, {path: earlier})
    assert (merged.draft, merged.conflicts) == ({path: now}, {})
    assert merge({path: earlier}, {path: "0143340043"}, {path: now}).conflicts == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0690001234", "0690001235"),
        ("+590690001234", "+590690001235"),
        ("call 0690001234", "call +590690001234"),
        ("0123456789", "123456789"),
        ("76130", "76131"),
        ("+3225551212", "0225551212"),
    ],
)
def test_other_texts_are_the_same_only_if_they_are_equal(one: str, other: str) -> None:
    """E.164 says what a telephone number is; any other text means what it says."""
    assert not same(one, other)
