"""What is pasted along with a number or a code: invisible characters, spaces, a spreadsheet's decimals."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from drafts import formats
from drafts.fields import Field, Kind
from drafts.numbers.pasted import compact, visible
from extranet import formats as copper

# Zero width space, joiners and marks of direction, embeddings and overrides, word joiner, isolates, byte order mark,
# soft hyphen, Mongolian vowel separator, NUL: general categories Cf and Cc. Then those of others that show nothing.
INVISIBLE = [
    *"\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2069\ufeff\u00ad\u180e\0",
    *"\u034f\u3164\ufe0f\u2800\U000e0100",
]
# Tab and line ends; then Zs: no-break, en, em, figure, punctuation, thin, hair, narrow no-break, mathematical, wide.
SPACES = [*"\t\r\n \u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u2028"]
RULES: list[tuple[Callable[[str], object], str, str, object]] = [
    (formats.siret, "732829320", "00074", "73282932000074"),
    (formats.phone, "0596", "501234", "0596501234"),
    (formats.phone, "+33 1", "43340043", "0143340043"),
    (formats.postcode, "76", "130", "76130"),
    (formats.insee_code, "2A", "004", "2A004"),
    (formats.vlan, "12", "57", 1257),
    (formats.latitude, "49.", "4744", 49.4744),
    (formats.longitude, "-1.", "0914", -1.0914),
    (formats.enni_reference, "CN", "012345", "CN012345"),
    (formats.option_id, "70", "21", "7021"),
    (copper.rio, "01PEROY4P", "4TR", "01PEROY4P4TR"),
    (copper.endpoint_ref, "01433", "40043", "0143340043"),
    (copper.mandate, "0123", "4567", "01234567"),
    (copper.batch, "B180612", "_00001", "B180612_00001"),
]


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"


@pytest.mark.parametrize("char", [*INVISIBLE, *SPACES], ids=_code)
@pytest.mark.parametrize(("rule", "first", "rest", "value"), RULES)
def test_invisible_characters_and_spaces_go_from_every_number_and_code(
    rule: Callable[[str], object], first: str, rest: str, value: object, char: str
) -> None:
    """Unicode, general categories Cc, Cf, Zs and Zl, and what is ignorable by default: none is part of a number."""
    assert rule(f"{char}{first}{char}{rest}{char}") == value


@pytest.mark.parametrize("char", INVISIBLE, ids=_code)
def test_invisible_characters_go_from_emails_and_lists_of_vlans(char: str) -> None:
    """Unicode, general categories Cc and Cf: RFC 5321 has neither in an address."""
    assert formats.email(f"{char}lea@ope{char}rateur.example{char}") == "lea@operateur.example"
    assert formats.vlan_list(f"12{char}58,{char} 1259{char}") == "1258,1259"


@pytest.mark.parametrize("char", INVISIBLE, ids=_code)
def test_a_field_with_nothing_to_be_seen_is_blank(char: str) -> None:
    """Unicode, general categories Cc and Cf: they are not a value."""
    for kind in (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN):
        assert Field("x", "X", "g", kind).parse(f" {char} ") is None
    assert Field("x", "X", "g", rule=formats.phone).parse(char) is None
    assert Field("x", "X", "g", Kind.INTEGER).parse(f"1{char}2\u202f000") == 12000
    assert Field("x", "X", "g", Kind.DECIMAL).parse(f"{char}1\u202f200,5") == 1200.5


def test_free_text_keeps_what_joins_its_characters() -> None:
    """Unicode, emoji sequences: a zero width joiner is part of what is written."""
    assert Field("note", "Note", "g", Kind.LONG_TEXT).parse("👩\u200d🔧 at 8") == "👩\u200d🔧 at 8"


def test_a_refusal_shows_only_what_can_be_seen() -> None:
    """Unicode, general category Cf: an override (U+202E) in a sentence would turn it round."""
    with pytest.raises(ValidationError) as refused:
        formats.siret("\u202e7328\u200b2932000079")
    assert refused.value.messages == [
        "SIRET 73282932000079 has a wrong digit: its check digit doesn't match."
    ]
    with pytest.raises(ValidationError) as refused:
        copper.rio("\ufeff01P")
    assert "you entered “01P”" in refused.value.messages[0]


def test_a_visible_text_keeps_its_spaces_and_a_compact_one_does_not() -> None:
    assert visible("\ufeff 76\u200b\u00a0130 ") == "76\u00a0130"
    assert compact("\ufeff 76\u200b\u00a0130 ") == "76130"


@pytest.mark.parametrize(
    ("rule", "written", "value"),
    [
        (formats.siret, "73282932000074.0", "73282932000074"),
        (formats.siret, "73282932000074,00", "73282932000074"),
        (formats.siret, "7.3282932000074E+13", "73282932000074"),
        (formats.siret, "7,3282932000074e13", "73282932000074"),
        (formats.siret, "5520246900015.0", "05520246900015"),
        (formats.postcode, "76130.0", "76130"),
        (formats.postcode, "1000.0", "01000"),
        (formats.insee_code, "76451.0", "76451"),
        (formats.insee_code, "1004.0", "01004"),
        (formats.phone, "612345678.0", "0612345678"),
        (formats.phone, "6.12345678E8", "0612345678"),
        (formats.phone, "33143340043.0", "0143340043"),
        (formats.vlan, "1257.0", 1257),
        (formats.option_id, "7021.0", "7021"),
    ],
)
def test_a_number_that_a_spreadsheet_made_of_a_code_is_the_code(
    rule: Callable[[str], object], written: str, value: object
) -> None:
    """ECMA-376: a cell holds a number without its leading zero; what comes of it has fifteen digits at most."""
    assert rule(written) == value


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        (formats.siret, "7.32829E+13"),  # digits were left out
        (formats.siret, "73282932000074.5"),
        (formats.siret, "732829320.0"),
        (formats.postcode, "130.0"),  # two zeros were lost, or a digit
        (formats.postcode, "7.6E4"),
        (formats.phone, "6.12E8"),
        (formats.vlan, "12.5"),
    ],
)
def test_a_spreadsheets_number_that_may_mean_several_codes_is_refused(
    rule: Callable[[str], object], written: str
) -> None:
    """ECMA-376: a displayed number is rounded, and what was rounded off is not to be guessed."""
    with pytest.raises(ValidationError):
        rule(written)
