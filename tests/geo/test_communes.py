"""The list of communes: finding, completing and contradicting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import communes
from geo.communes import complete, disagreement, suggest

CITIES = [
    "Mont-Saint-Aignan", "MONT ST AIGNAN", "Rouen", "ROUEN CEDEX 1", "Paris", "Paris 8", "PARIS CEDEX 08",
    "Lyon 03", "Marseille 1er", "Lille", "Lomme", "Saint-Denis", "Valbonne Sophia Antipolis", "Saint",
    "Bouelles", "Nowhere", "-",
]  # fmt: skip
POSTCODES = [
    "76130", "76000", "76001", "75008", "75116", "69003", "13001", "59160", "59260", "27300", "97400",
    "97150", "20000", "06560", "06901", "99999", "761",
]  # fmt: skip
INSEE_CODES = [
    "76451", "76540", "76130", "75108", "75056", "69383", "13201", "59350", "59355", "97411", "97801",
    "2A004", "2a004", "06152", "99999", "27300", "7645",
]  # fmt: skip


def _names(found: list[communes.Commune]) -> list[str]:
    return [commune.name for commune in found]


def _codes(found: list[communes.Commune]) -> list[str]:
    return [commune.insee_code for commune in found]


@pytest.mark.slow
def test_the_list_is_whole() -> None:
    everywhere = {code for start in "0123456789" for code in _codes(suggest(postcode=start, limit=1))}
    assert not everywhere, "one digit suggests nothing"
    listed = [commune for start in range(1, 99) for commune in suggest(postcode=f"{start:02}", limit=100_000)]
    assert len(set(_codes(listed))) == 35_006  # and five without a postcode
    assert all(commune == communes.by_insee(commune.insee_code) for commune in listed)


def test_a_commune_is_found_by_its_insee_code() -> None:
    assert communes.by_insee("76451") == ("76451", "Mont-Saint-Aignan", ("76130",))
    ajaccio = communes.by_insee(" 2a004 ")
    assert ajaccio is not None
    assert ajaccio.name == "Ajaccio"
    assert communes.by_insee("99999") is None
    assert communes.by_insee("") is None


def test_a_divided_city_is_found_by_its_own_code_with_all_its_postcodes() -> None:
    lyon = communes.by_insee("69123")
    assert lyon == ("69123", "Lyon", tuple(f"6900{number}" for number in range(1, 10)))


def test_the_communes_of_a_postcode_come_in_alphabetical_order() -> None:
    assert _names(communes.in_postcode("01000")) == ["Bourg-en-Bresse", "Saint-Denis-lès-Bourg"]
    assert communes.in_postcode("76001") == []


def test_a_postcode_of_a_divided_city_has_its_arrondissement_only() -> None:
    assert _names(communes.in_postcode("75008")) == ["Paris 8e Arrondissement"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("MONT ST AIGNAN", "76451"),
        ("mont-saint-aignan", "76451"),
        ("Mont Saint Aignan CEDEX", "76451"),
        ("L’ABERGEMENT CLEMENCIAT", "01001"),
        ("L'Abergement-Cle\u0301menciat", "01001"),
        ("STE MARIE AUX MINES", "68298"),
        ("schoelcher", "97229"),
        ("Chalon s/ Saône", "71076"),
        ("Paris 8", "75108"),
        ("PARIS 08 CEDEX", "75108"),
        ("paris 8ème arrondissement", "75108"),
        ("Lyon 03", "69383"),
        ("Marseille 1er", "13201"),
        ("Bellegarde-sur-Valserine", "01033"),
    ],
)
def test_a_name_finds_its_commune_however_it_is_written(written: str, code: str) -> None:
    assert _codes(communes.named(written)) == [code]


def test_a_name_finds_every_commune_that_has_it() -> None:
    assert _codes(communes.named("Saint-Denis")) == ["11339", "30247", "93066", "97411"]
    assert len(communes.named("Paris")) == 20
    assert communes.named("Nowhere") == communes.named("") == []


def test_suggestions_begin_as_typed_and_put_the_exact_name_first() -> None:
    assert _names(suggest(city="rouen"))[0] == "Rouen"
    assert _names(suggest(city="mont st ai"))[:1] == ["Mont-Saint-Aignan"]
    assert _names(suggest(city="Paris 1"))[0] == "Paris 1er Arrondissement"


def test_suggestions_agree_with_every_part_that_is_given() -> None:
    assert _codes(suggest(city="Mont", postcode="7613")) == ["76451"]
    assert _codes(suggest(city="Saint-D", postcode="97")) == ["97411"]
    assert _codes(suggest(city="Mont", insee_code="76451")) == ["76451"]
    assert suggest(city="Rouen", insee_code="76451") == []
    assert suggest(city="Rouen", postcode="13") == []


def test_an_old_name_suggests_the_commune_of_today() -> None:
    assert _names(suggest(city="Bellegarde-sur-Valserine")) == ["Valserhône"]


def test_suggestions_are_limited_and_none_come_for_nothing() -> None:
    assert len(suggest(city="Saint")) == 20
    assert len(suggest(postcode="76", limit=3)) == 3
    assert suggest() == suggest(postcode="7") == suggest(city=" - ") == []


def test_a_postcode_with_one_commune_settles_its_name_and_code() -> None:
    assert complete("", "76130", "") == {"city": "Mont-Saint-Aignan", "insee_code": "76451"}


def test_a_postcode_with_several_communes_settles_nothing_until_the_city_is_given() -> None:
    assert complete("", "01000", "") == {}
    assert complete("BOURG EN BRESSE", "01000", "") == {"insee_code": "01053"}


def test_an_insee_code_settles_the_city_and_a_lone_postcode() -> None:
    assert complete("", "", "76451") == {"city": "Mont-Saint-Aignan", "postcode": "76130"}
    assert complete("", "", "59350") == {"city": "Lille"}


def test_a_city_settles_what_no_namesake_makes_doubtful() -> None:
    assert complete("MONT ST AIGNAN", "", "") == {"postcode": "76130", "insee_code": "76451"}
    assert complete("Saint-Denis", "", "") == {}
    assert complete("Paris", "", "") == {}
    assert complete("Paris 8", "", "") == {"postcode": "75008", "insee_code": "75108"}


def test_a_cedex_postcode_and_its_city_settle_the_insee_code() -> None:
    assert complete("ROUEN CEDEX", "76001", "") == {"insee_code": "76540"}


def test_values_that_contradict_each_other_or_are_malformed_settle_nothing() -> None:
    assert complete("Rouen", "76130", "") == {}
    assert complete("", "76000", "76451") == {}
    assert complete("Rouen", "760", "") == {}
    assert complete("", "", "") == {}


@pytest.mark.parametrize(
    ("city", "postcode", "insee_code"),
    [
        ("Mont-Saint-Aignan", "76130", "76451"),
        ("MONT ST AIGNAN", "76130", "76451"),
        ("MONT SAINT AIGNAN CEDEX", "76821", "76451"),
        ("PARIS CEDEX 08", "75398", "75108"),
        ("Paris 08", "75008", "75108"),
        ("Paris", "75008", "75108"),
        ("Paris 16", "75116", "75116"),
        ("Paris", "75008", "75056"),
        ("PARIS LA DEFENSE CEDEX", "92042", "92062"),
        ("Valbonne Sophia Antipolis", "06560", "06152"),
        ("Neuilly/Seine", "92200", "92051"),
        ("Lomme", "59160", "59350"),
        ("Lomme", "59160", "59355"),
        ("Bellegarde-sur-Valserine", "01200", "01033"),
        ("Ajaccio", "20000", "2A004"),
        ("Ajaccio", "20176", "2a004"),
        ("Rouen", "76001", ""),
        ("Archipel des Kerguelen", "97490", "98412"),
        ("Nowhere", "", ""),
        ("", "76130", ""),
        ("Rouen", "761", "76451"),
        ("Rouen", "76130", "7645"),
        ("", "", ""),
    ],
)
def test_values_that_may_belong_together_are_no_contradiction(
    city: str, postcode: str, insee_code: str
) -> None:
    assert disagreement(city, postcode, insee_code) is None


@pytest.mark.parametrize(
    ("city", "postcode"),
    [("Mont-Saint-Aignan", "76130"), ("Mont-Saint-Aignan", ""), ("", "76130"), ("Somewhere", "76130")],
)
def test_a_postcode_typed_as_the_insee_code_is_recognised(city: str, postcode: str) -> None:
    assert communes.by_insee("76130") is not None, "the mistake makes another commune's code"
    assert disagreement(city, postcode, "76130") == (
        "insee_code", "The INSEE code of Mont-Saint-Aignan is 76451; 76130 is its postcode."
    )  # fmt: skip


def test_a_postcode_typed_as_the_insee_code_is_recognised_alone_when_no_commune_has_that_code() -> None:
    assert disagreement("", "", "01000") == (
        "insee_code",
        "01000 is a postcode. The INSEE code is 01053 (Bourg-en-Bresse) or 01344 (Saint-Denis-lès-Bourg).",
    )  # fmt: skip


def test_an_unknown_insee_code_is_refused_with_the_one_that_would_fit() -> None:
    assert disagreement("", "", "99999") == ("insee_code", "No commune has the INSEE code 99999.")
    assert disagreement("Rouen", "76000", "76999") == (
        "insee_code", "No commune has the INSEE code 76999. The other values point to 76540 (Rouen)."
    )  # fmt: skip


def test_an_insee_code_alone_against_the_city_and_the_postcode_is_the_one_to_correct() -> None:
    assert disagreement("Mont-Saint-Aignan", "76130", "76540") == (
        "insee_code", "The INSEE code of Mont-Saint-Aignan is 76451; 76540 belongs to Rouen."
    )  # fmt: skip


def test_a_postcode_alone_against_the_city_and_the_insee_code_is_the_one_to_correct() -> None:
    assert disagreement("Mont-Saint-Aignan", "76000", "76451") == (
        "postcode", "The postcode of Mont-Saint-Aignan (INSEE code 76451) is 76130; 76000 is for Rouen (76540)."
    )  # fmt: skip


def test_an_unlisted_postcode_of_another_department_is_no_cedex_of_this_one() -> None:
    assert disagreement("", "13998", "76451") == (
        "postcode", "The postcode of Mont-Saint-Aignan (INSEE code 76451) is 76130, not 13998."
    )  # fmt: skip


def test_a_neighbour_s_name_against_the_postcode_and_the_insee_code_is_the_one_to_correct() -> None:
    assert disagreement("Rouen", "76130", "76451") == (
        "city", "INSEE code 76451 belongs to Mont-Saint-Aignan, not Rouen."
    )  # fmt: skip


def test_another_arrondissement_is_another_commune() -> None:
    assert disagreement("Paris 9", "75008", "75108") == (
        "city", "INSEE code 75108 belongs to Paris 8e Arrondissement, not Paris 9."
    )  # fmt: skip


def test_two_arrondissements_contradict_each_other_under_the_code_of_the_whole_city() -> None:
    assert disagreement("Paris 9", "75008", "75056") == (
        "city", "Postcode 75008 is for Paris 8e Arrondissement, not Paris 9."
    )  # fmt: skip


def test_a_city_that_contradicts_its_postcode_gets_the_names_that_would_fit() -> None:
    assert disagreement("Lyon", "01000", "") == (
        "city", "Postcode 01000 is for Bourg-en-Bresse or Saint-Denis-lès-Bourg, not Lyon."
    )  # fmt: skip


def test_a_long_choice_of_names_is_cut() -> None:
    found = disagreement("Lyon", "27300", "")
    assert found is not None
    assert found[1].endswith(" or …, not Lyon.")


@given(
    city=st.just("") | st.sampled_from(CITIES) | st.text(max_size=30),
    postcode=st.just("")
    | st.sampled_from(POSTCODES)
    | st.from_regex(r"[0-9]{5}", fullmatch=True)
    | st.text(max_size=6),
    insee_code=st.just("")
    | st.sampled_from(INSEE_CODES)
    | st.from_regex(r"[0-9]{5}", fullmatch=True)
    | st.text(max_size=6),
)
def test_what_is_completed_never_contradicts_what_is_given(city: str, postcode: str, insee_code: str) -> None:
    typed = {"city": city, "postcode": postcode, "insee_code": insee_code}
    added = complete(**typed)
    assert not [field for field in added if typed[field].strip()]
    if added:
        assert disagreement(**typed) is None
        assert disagreement(**{**typed, **added}) is None
    assert len(suggest(city, postcode, insee_code)) <= 20
