"""Which names stand for a commune, and which addresses are refused.

Expected codes are those of INSEE's Code officiel géographique and its history since 1943; postcodes and the names by
which post is delivered are those of La Poste's Hexasmal.
"""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo import communes
from geo.communes import complete, disagreement, remark, suggest

DATA = Path(communes.__file__).parent / "data"


def _rows(name: str, every: int = 1) -> Iterator[list[str]]:
    """Each row of a shipped list, or each so-many-th."""
    text = gzip.decompress((DATA / f"{name}.csv.gz").read_bytes()).decode()
    return csv.reader(text.splitlines()[::every])


def _codes(city: str, postcode: str = "") -> list[str]:
    return [commune.insee_code for commune in suggest(city, postcode)]


@pytest.mark.parametrize(
    ("city", "postcode"),
    [
        ("Valbonne Sophia Antipolis", "06560"),
        ("Le Vieux Thaon", "14610"),
        ("Thaon Plage", "14610"),
        ("Gare de Crest", "26400"),
        ("La Rochette", "26400"),
        ("Rouen Plage", ""),
    ],
)
def test_a_name_that_contains_a_commune_s_words_is_not_that_commune(city: str, postcode: str) -> None:
    """INSEE's Code officiel géographique names none of these so, whatever commune they are in."""
    assert complete(city, postcode, "") == {}


@pytest.mark.parametrize(
    ("city", "postcode", "code"),
    [
        ("Colomby-sur-Thaon", "14610", "14014"),
        ("La Rochette-sur-Crest", "26400", "26365"),
        ("Nouan-sur-Loire", "41220", "41220"),
        ("Saint-Ouen", "93400", "93070"),
        ("ST OUEN", "93400", "93070"),
        ("Évry", "91000", "91228"),
        ("Annecy-le-Vieux", "74940", "74010"),
        ("Hellemmes-Lille", "59260", "59350"),
        ("Lomme", "59160", "59350"),
        ("Domfront", "61700", "61145"),
    ],
)
def test_a_former_delegated_or_associated_commune_in_its_postcode_settles_today_s_code(
    city: str, postcode: str, code: str
) -> None:
    """INSEE's history of communes since 1943 says what became of each."""
    assert complete(city, postcode, "") == {"insee_code": code}
    assert disagreement(city, postcode, code) is None


@pytest.mark.parametrize(
    ("city", "postcode", "code"),
    [
        ("Sainte-Clotilde", "97490", "97411"),
        ("La Montagne", "97417", "97411"),
        ("Les Milles", "13290", "13001"),
    ],
)
def test_a_name_by_which_post_is_delivered_settles_the_code_in_its_postcode(
    city: str, postcode: str, code: str
) -> None:
    """La Poste's Hexasmal has these as delivery names of the communes; La Montagne alone is 44101 as well."""
    assert complete(city, postcode, "") == {"insee_code": code}
    assert disagreement(city, postcode, "") is None
    assert disagreement(city, postcode, code) is None


@pytest.mark.parametrize(
    ("city", "postcode", "codes"),
    [
        ("Domfront", "", ["60200", "61145"]),
        ("Évry", "", ["89162", "91228"]),
        ("Saint-Ouen", "", ["41226", "80711", "17377"]),
        ("Hellemmes", "59260", ["59346", "59350"]),
        ("Gare de Crest", "26400", ["26006", "26011"]),
        ("Val Thorens", "73440", ["73257"]),
    ],
)
def test_where_several_fit_they_are_offered_and_none_is_filled_in(
    city: str, postcode: str, codes: list[str]
) -> None:
    """INSEE's Code officiel géographique has or had each of these names several times, or not at all."""
    assert _codes(city, postcode)[: len(codes)] == codes
    assert complete(city, postcode, "") == {}


def test_monaco_has_the_code_of_a_country_and_a_postcode_of_la_poste_s() -> None:
    """99138 is Monaco in INSEE's list of countries and territories; 98000 is its postcode at La Poste."""
    assert complete("Monaco", "98000", "") == {"insee_code": "99138"}
    assert complete("", "98000", "") == {"city": "Monaco", "insee_code": "99138"}
    assert _codes("Monaco") == ["99138"]
    assert disagreement("Monaco CEDEX", "98030", "99138") is None
    assert disagreement("Monaco", "98000", "06088") == (
        "insee_code", "The INSEE code of Monaco is 99138; 06088 belongs to Nice."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("city", "postcode", "insee_code"),
    [
        ("Sainte-Clotilde", "97490", "97411"),
        ("Val Thorens", "73440", "73257"),
        ("Saint-Ouen", "93400", "93070"),
        ("Hellemmes", "59260", "59350"),
        ("Paris La Défense", "92800", "92062"),
        ("Monaco", "98000", "99138"),
        ("Monte-Carlo", "98000", "99138"),
        ("La Plaine Saint-Denis", "93210", "93066"),
        ("Roissy CDG CEDEX", "95731", "95527"),
        ("Sophia Antipolis CEDEX", "06903", "06152"),
        ("Gustavia", "97133", "97701"),
        ("Papeete", "98714", "98735"),
        ("Montmartre", "75018", "75056"),
        ("Havre", "76600", "76351"),
        ("Nowhere", "76130", "76451"),
        ("Les Arcs", "73700", "73054"),
    ],
)
def test_a_name_beside_a_postcode_and_an_insee_code_that_agree_is_no_error(
    city: str, postcode: str, insee_code: str
) -> None:
    """The pairs are La Poste's Hexasmal's, or a CEDEX of the department; places share far communes' names."""
    assert disagreement(city, postcode, insee_code) is None


@pytest.mark.parametrize(
    ("city", "postcode", "insee_code", "name"),
    [
        ("Rouen", "76130", "76451", "Mont-Saint-Aignan"),
        ("Lyon", "76130", "76451", "Mont-Saint-Aignan"),
        ("Paris 9", "75008", "75108", "Paris 8e Arrondissement"),
    ],
)
def test_a_commune_of_the_department_or_a_city_that_no_place_is_called_after_is_an_error(
    city: str, postcode: str, insee_code: str, name: str
) -> None:
    """INSEE's Code officiel géographique has each of these names as another commune's or city's."""
    assert disagreement(city, postcode, insee_code) == (
        "city", f"INSEE code {insee_code} belongs to {name}, not {city}."
    )  # fmt: skip


@pytest.mark.parametrize(("city", "insee_code"), [("Val Thorens", "73257"), ("Saint-Ouen", "93070")])
def test_a_place_beside_an_insee_code_alone_is_no_error(city: str, insee_code: str) -> None:
    """INSEE's Code officiel géographique lists communes and not the places in them; copper has no postcode."""
    assert disagreement(city, "", insee_code) is None


def test_a_place_alone_with_its_postcode_is_no_error() -> None:
    """Val Thorens is no commune's name in INSEE's Code officiel géographique, so nothing contradicts 73440."""
    assert disagreement("Val Thorens", "73440", "") is None


def test_a_place_gets_a_hint_and_a_name_of_the_commune_s_none() -> None:
    """73257 is Les Belleville in INSEE's Code officiel géographique; 93070 was Saint-Ouen until 2018."""
    assert remark("Val Thorens", "73440", "73257") == (
        "INSEE code 73257 belongs to Les Belleville: check that Val Thorens is part of it."
    )
    assert remark("Saint-Ouen", "93400", "93070") == ""
    assert remark("Havre", "76600", "76351") == ""
    assert remark("Le Havre Plage", "76600", "76351") == ""
    assert remark("Rouen", "76130", "76451") == "", "a contradiction is said instead"
    assert remark("Val Thorens", "73440", "") == remark("", "73440", "73257") == ""


@pytest.mark.parametrize(
    ("city", "postcode", "insee_code", "said"),
    [
        (
            "", "76000", "76451",
            "The postcode of Mont-Saint-Aignan (INSEE code 76451) is 76130; 76000 is for Rouen (76540).",
        ),
        (
            "Val Thorens", "73440", "73006",
            "The postcode of Aime-la-Plagne (INSEE code 73006) is 73210; 73440 is for Les Belleville (73257).",
        ),
        (
            "Saint-Denis", "97490", "93066",
            "The postcode of Saint-Denis (INSEE code 93066) is 93200, 93210 or 93380; "
            "97490 is for Saint-Denis (97411).",
        ),
    ],
)  # fmt: skip
def test_a_postcode_against_an_insee_code_is_an_error_that_names_both_communes(
    city: str, postcode: str, insee_code: str, said: str
) -> None:
    """INSEE's Code officiel géographique and La Poste's Hexasmal put the two codes into different communes."""
    assert disagreement(city, postcode, insee_code) == ("postcode", said)


@pytest.mark.parametrize(
    ("city", "code", "said"),
    [
        (
            "Colomby-sur-Thaon",
            "14685",
            "The INSEE code of Colomby-Anguerny is 14014; 14685 belongs to Thaon.",
        ),
        ("Thaon", "14014", "The INSEE code of Thaon is 14685; 14014 belongs to Colomby-Anguerny."),
    ],
)
def test_another_commune_of_the_same_postcode_is_an_error(city: str, code: str, said: str) -> None:
    """Both are in 14610 by La Poste's Hexasmal; INSEE's Code officiel géographique tells them apart."""
    assert disagreement(city, "14610", code) == ("insee_code", said)


def test_a_code_that_is_both_a_postcode_and_an_insee_code_is_what_its_field_says() -> None:
    """INSEE's 41220 is Saint-Laurent-Nouan, La Poste's serves nine communes; 98729 is Moorea-Maiao's for both."""
    assert complete("", "", "41220") == {"city": "Saint-Laurent-Nouan", "postcode": "41220"}
    assert complete("", "41220", "") == {}
    assert complete("Dhuizon", "41220", "") == {"insee_code": "41074"}
    for city in ("Saint-Laurent-Nouan", "Nouan-sur-Loire", "Les Trois Moulins", ""):
        assert disagreement(city, "41220", "41220") is None
    assert disagreement("Dhuizon", "41220", "41074") is None
    assert disagreement("Dhuizon", "41220", "41220") == (
        "insee_code", "The INSEE code of Dhuizon is 41074; 41220 is its postcode."
    )  # fmt: skip
    assert disagreement("Paopao", "98728", "98729") is None
    assert disagreement("Temae", "98729", "98729") is None
    assert complete("", "98729", "") == {"city": "Moorea-Maiao", "insee_code": "98729"}


def test_an_insee_code_of_a_former_commune_is_refused_with_today_s() -> None:
    """INSEE's history: La Rochette-sur-Crest, 26280, has been a part of Vaunaveys-la-Rochette since 1972."""
    assert disagreement("La Rochette-sur-Crest", "26400", "26280") == (
        "insee_code",
        "The INSEE code 26280 is no longer in use. Today it is 26365 (Vaunaveys-la-Rochette).",
    )


def test_a_city_with_cedex_settles_no_postcode() -> None:
    """A CEDEX has a postcode of its own at La Poste, which isn't the commune's in Hexasmal."""
    assert complete("MONT ST AIGNAN CEDEX", "", "76451") == {}
    assert complete("MONT ST AIGNAN CEDEX", "", "") == {"insee_code": "76451"}


def _check_rows(every: int) -> None:
    for name, code, postcodes in _rows("communes", every):
        for postcode in postcodes.split():
            assert disagreement(name, postcode, code) is None, (name, postcode, code)
            assert complete(name, postcode, "").get("insee_code", code) == code
            known = complete(name, "", "")
            assert known.get("insee_code", code) == code
            assert known.get("postcode", postcode) in postcodes.split()


@pytest.mark.parametrize("every", [50, pytest.param(1, marks=pytest.mark.slow)])
def test_no_right_address_is_refused_and_none_completed_wrongly(every: int) -> None:
    """Every row is INSEE's name and code with La Poste's postcodes."""
    _check_rows(every)


@pytest.mark.parametrize("every", [50, pytest.param(1, marks=pytest.mark.slow)])
def test_no_address_under_a_former_or_delegated_name_is_refused_or_completed_wrongly(every: int) -> None:
    """Every row is a name of INSEE's with the code of the commune that it became a part of."""
    for name, _former_code, code in (*_rows("delegated", every), *_rows("former", every)):
        commune = communes.by_insee(code)
        assert commune is not None
        for postcode in commune.postcodes:
            assert disagreement(name, postcode, code) is None, (name, postcode, code)
            assert complete(name, postcode, "").get("insee_code", code) == code


@pytest.mark.parametrize("every", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_no_address_under_a_delivery_name_is_refused(every: int) -> None:
    """Every row is a delivery name with the commune's code and the postcode under which post reaches it."""
    for name, code, postcode in _rows("deliveries", every):
        assert disagreement(name, postcode, code) is None, (name, postcode, code)
