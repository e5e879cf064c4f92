"""Search by words: the same rows on both databases, by an index, for any text."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lists import search
from lists.search import (
    TooShort,
    by_words,
    containing,
    ensure_search_index,
    index_when_migrated,
    normalised,
    words_of,
)
from sessions_app.models import Line
from tracking.models import Order, uuid_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own index")
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own index")

INDEX = "tracking_order_search_words"
# What either database, or its search, might read as more than a letter.
AWKWARD = "\"'`%_\\*()-+:^~{}[]|&!?<>.,;$€/#@ \t\n\0éÉœŒßÀ\u0301\u200bＡ①ﬁİı"
TEXTS = st.text(st.sampled_from(AWKWARD + "abcLYONor019") | st.characters(), max_size=30)


def order(text: str, number: int = 0) -> Order:
    name = f"CMD_X_{number or Order.objects.count()}"
    return Order.objects.create(
        uuid=uuid_of(name), reference=name, search=normalised(text), order_date=date(2026, 3, 10)
    )


def found(text: str) -> set[str]:
    return set(containing(Order.objects.all(), "search", text).values_list("search", flat=True))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Société  Générale", "SOCIETE GENERALE"),
        ("  Sacré-Cœur\tParis\n", "SACRE COEUR PARIS"),
        ("CMD_X_0042", "CMD_X_0042"),
        ("ex æquo, Straße, ﬁbre, Ærø", "EX AEQUO, STRASSE, FIBRE, AERO"),
        ("a\0b", "A B"),
        ("soft\u00adhyphen \ud800", "SOFTHYPHEN"),
        (" \u0301 ", ""),
    ],
)
def test_a_text_is_written_without_case_accents_and_spare_blanks(text: str, written: str) -> None:
    assert normalised(text) == written


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "\u2018", "\u02bc", "\u2032", "`", "\u00b4", " "])
def test_apostrophes_of_every_form_and_a_blank_are_one(apostrophe: str) -> None:
    """U+2019 is what French is typeset with, U+02BC the letter (Unicode, chapter 6.2); keyboards have U+0027."""
    assert normalised(f"L{apostrophe}Oréal") == "L OREAL"


@pytest.mark.parametrize(
    "hyphen", ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\u00a0", " "]
)
def test_hyphens_and_dashes_of_every_form_and_a_blank_are_one(hyphen: str) -> None:
    """Unicode's general category Pd, and the minus sign, which spreadsheets put in its place."""
    assert normalised(f"Mont{hyphen}Saint{hyphen}Aignan") == "MONT SAINT AIGNAN"


@pytest.mark.parametrize(
    ("name", "written"),
    [("Łódź", "LODZ"), ("Đặng", "DANG"), ("Ħamrun", "HAMRUN"), ("Þór", "THOR"), ("Łukasz", "LUKASZ")],
)
def test_letters_with_a_stroke_are_folded_to_those_without(name: str, written: str) -> None:
    """Unicode doesn't decompose them; its collation (UCA, primary level) puts them with their letters."""
    assert normalised(name) == written


@pytest.mark.django_db
def test_a_name_is_found_however_its_hyphens_and_apostrophes_are_typed() -> None:
    order("Coiffure L’Oréal, Mont-Saint-Aignan", 1)
    order("Mont Blanc, Saint-Denis, Aignan", 2)
    wanted = {"COIFFURE L OREAL, MONT SAINT AIGNAN"}
    for typed in ("l'oréal", "L’OREAL", "L Oréal", "mont-saint-aignan", "Mont\u2011Saint\u2011Aignan"):
        assert found(typed) == wanted, typed
    assert found("mont saint aignan") == wanted | {"MONT BLANC, SAINT DENIS, AIGNAN"}, "words, in any order"


@given(st.text())
def test_what_is_written_stays_as_it_is(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    "text", ["lyon", "LYON", "Lyon", "lyôn", "yon", "acme lyon", "LYON, ACME", "cme yon", "acme l"]
)
def test_every_word_must_occur_in_any_spelling(text: str) -> None:
    order("Acme, Lyon,")
    order("Acme, Brest,")
    assert found(text) == {"ACME, LYON,"}


@pytest.mark.parametrize("text", ["lyons", "lyon brest", "acme zz", "acmelyon"])
def test_what_lacks_a_word_is_not_found(text: str) -> None:
    order("Acme Lyon")
    order("Acme Brest")
    assert found(text) == set()


@pytest.mark.parametrize("text", ["", "  ", "\0", "\u0301"])
def test_a_text_without_words_finds_everything(text: str) -> None:
    order("Acme")
    assert found(text) == {"ACME"}


@pytest.mark.parametrize("text", ["a", "ac", "a b", "ly ac", "é\u0301t"])
def test_words_that_are_all_too_short_are_an_error(text: str) -> None:
    with pytest.raises(TooShort):
        containing(Order.objects.all(), "search", text)


@pytest.mark.parametrize(
    ("text", "found"), [("lycée 7", 1), ("LYC u", 1), ("lycee 8", 0), ("%", 0), ("", 2), ("\u0301", 2)]
)
def test_without_an_index_words_of_any_length_must_occur(text: str, found: int) -> None:
    order("Lycée 7, Rouen")
    order("Garage 8")
    assert by_words(Order.objects.all(), "search", text).count() == found


def test_a_word_counts_once() -> None:
    assert words_of("lyon LYON lyôn 7") == ["LYON", "7"]


@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS, st.integers(0, 12), st.integers(1, 12))
def test_the_index_finds_what_reading_each_row_finds(
    texts: list[str], more: str, start: int, length: int
) -> None:
    Order.objects.all().delete()
    for number, text in enumerate(texts, 1):
        order(text, number)
    for query in (more, texts[0][start : start + length]):
        words = normalised(query).split()
        if words and max(map(len, words)) < 3:
            continue
        expected = {text for text in map(normalised, texts) if all(word in text for word in words)}
        assert found(query) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '"lyo',
        'lyo"',
        "lyon OR brest",
        "lyon NOT acme",
        "search:lyon",
        "lyo*",
        "NEAR(lyon)",
        "^lyon",
        "%%%",
        "___",
        "\\\\\\",
    ],
)
def test_signs_of_a_search_language_are_letters_like_others(text: str) -> None:
    order("Acme Lyon")
    order(f"Acme {text} abc")
    words = normalised(text).split()
    if max(map(len, words)) >= 3:
        assert found(text) == {normalised(f"Acme {text} abc")}


def test_what_was_changed_or_deleted_is_not_found_any_more() -> None:
    lyon, brest = order("Acme Lyon"), order("Acme Brest")
    Order.objects.filter(pk=lyon.pk).update(search="ACME NANTES")
    brest.delete()
    assert (found("lyon"), found("brest"), found("nantes")) == (set(), set(), {"ACME NANTES"})


def _plan(rows: Any) -> str:
    return str(rows.explain())


@on_sqlite
def test_sqlite_reads_the_words_and_the_rows_by_their_keys() -> None:
    plan = _plan(containing(Order.objects.order_by("-order_date", "-pk"), "search", "acme lyon")[:51])
    assert f"SCAN {INDEX} VIRTUAL TABLE INDEX" in plan
    assert "SEARCH tracking_order USING INTEGER PRIMARY KEY" in plan
    assert "SCAN tracking_order" not in plan.replace(f"SCAN {INDEX}", "")


@on_postgres
def test_postgres_reads_the_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = _plan(containing(Order.objects.all(), "search", "acme lyon"))
    assert f"Bitmap Index Scan on {INDEX}" in plan


def test_an_index_that_is_there_is_left_alone() -> None:
    order("Acme Lyon")
    with CaptureQueriesContext(connection) as queries:
        ensure_search_index(Order, "search", "default")
    assert not [query for query in queries if query["sql"].startswith(("CREATE", "DROP", "INSERT"))]


def _triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'tracking_order'"
        )
        return {name for (name,) in cursor.fetchall()}


@on_sqlite
def test_triggers_that_a_rebuilt_table_lost_come_back_and_what_came_meanwhile_is_found() -> None:
    before = _triggers()
    with connection.cursor() as cursor:
        for name in before:
            cursor.execute(f'DROP TRIGGER "{name}"')
    order("Acme Lyon")
    assert found("lyon") == set()
    ensure_search_index(Order, "search", "default")
    assert _triggers() == before
    assert found("lyon") == {"ACME LYON"}


@on_sqlite
def test_an_index_that_lacks_rows_is_rebuilt() -> None:
    order("Acme Lyon")
    with connection.cursor() as cursor:
        cursor.execute(f"""INSERT INTO "{INDEX}" ("{INDEX}") VALUES ('delete-all')""")
    assert found("lyon") == set()
    ensure_search_index(Order, "search", "default")
    assert found("lyon") == {"ACME LYON"}


@on_postgres
def test_an_index_that_is_gone_is_created_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {INDEX}")
    ensure_search_index(Order, "search", "default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [INDEX])
        assert "gin_trgm_ops" in cursor.fetchone()[0]


@on_sqlite
def test_a_model_without_an_integer_primary_key_is_refused() -> None:
    with pytest.raises(TypeError, match="Line has no whole number"):
        ensure_search_index(Line, "search", "default")


def test_a_table_that_is_not_there_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Order._meta, "db_table", "not_yet")
    ensure_search_index(Order, "search", "default")
    with connection.cursor() as cursor:
        assert "not_yet_search_words" not in connection.introspection.table_names(cursor)


@pytest.fixture
def declared() -> Iterator[str]:
    """Another searched column, declared as an app does."""
    app = apps.get_app_config("tracking")
    index_when_migrated(app, "Order", "city")
    yield "city"
    post_migrate.disconnect(sender=app, dispatch_uid="search index of tracking.Order.city")


@on_sqlite
def test_a_declared_column_is_searched_after_the_next_migrate(declared: str) -> None:
    order("Acme")
    Order.objects.update(city="SAINT-NAZAIRE")
    call_command("migrate", "tracking", verbosity=0)
    assert containing(Order.objects.all(), declared, "nazaire").count() == 1


@on_sqlite
def test_a_word_that_many_rows_have_is_found_by_reading_them_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "MANY", 2)
    for number in range(1, 4):
        order(f"CMD_X_{number} LYON", number)
    assert found("lyon") == {"CMD_X_1 LYON", "CMD_X_2 LYON", "CMD_X_3 LYON"}
    assert INDEX not in str(containing(Order.objects.all(), "search", "lyon").query)
    assert INDEX in str(containing(Order.objects.all(), "search", "x_3").query)
