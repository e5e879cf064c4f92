"""The French texts: complete, with the right placeholders and French typography."""

import gettext
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.formats import date_format

from tests.translations.french import NO_BREAK, PLACEHOLDER, messages, pairs, placeholders, texts


def test_every_text_is_translated() -> None:
    missing = [text.id for text in texts() if not all(text.string if text.pluralizable else [text.string])]
    assert missing == []


def test_no_translation_is_a_guess() -> None:
    assert [text.id for text in texts() if text.fuzzy] == []


def test_what_is_counted_has_a_form_for_one_and_a_form_for_many() -> None:
    assert messages().num_plurals == 2
    counted = [text for text in texts() if text.pluralizable]
    assert counted
    assert [text.id for text in counted if len(text.string) != 2] == []


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    astray = [(one, other) for one, other in pairs() if placeholders(one) != placeholders(other)]
    assert astray == []


# What nobody says at work (docs/writing.md).
UNSAID = re.compile(
    r"\b(told|owed?|whoever|lately|mend|reckon\w*|anew|e-mail|go on|put aside|no draft|in step|"
    r"(?:does|did|is|can|could|has) ?not)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b")


def test_english_is_as_a_colleague_would_say_it() -> None:
    said = [one for one, _other in pairs()]
    assert [text for text in said if UNSAID.search(text)] == []


def test_no_text_holds_a_code() -> None:
    bare = [PLACEHOLDER.sub("", text) for pair in pairs() for text in pair]
    assert [text for text in bare if CODE.search(text)] == []


def test_french_is_set_as_french_is() -> None:
    """Typographic apostrophes, an ellipsis of one sign, no-break spaces inside « » and before : ; ? and !."""
    faults = re.compile(
        rf"'|\.\.\.|[“”\"]|«[^{NO_BREAK}]|[^{NO_BREAK}]»|[^{NO_BREAK}\w:/][:;?!](?!\w)|\w[;?!](?!\w)"
    )
    assert [french for _english, french in pairs() if faults.search(french)] == []


def test_a_colon_after_a_word_stands_off() -> None:
    assert [french for _english, french in pairs() if re.search(r"[\w)]:(?=\s|$)", french)] == []


def test_the_compiled_translations_can_be_read(compiled: Path) -> None:
    french = gettext.translation("django", compiled, ["fr"])
    assert french.gettext("Save") == "Enregistrer"
    assert french.pgettext("line", "ready") == "prête"
    assert french.ngettext("%(number)s attempt", "%(number)s attempts", 0) == "%(number)s tentative"
    assert french.ngettext("%(number)s attempt", "%(number)s attempts", 2) == "%(number)s tentatives"


MOMENT = datetime(2026, 11, 3, 9, 5)


@pytest.mark.parametrize(
    ("language", "moment", "day"),
    [("fr", "3 novembre 2026 à 09:05", "3 novembre 2026"), ("en", "3 Nov 2026, 09:05", "3 Nov 2026")],
)
def test_dates_are_written_as_the_language_writes_them(language: str, moment: str, day: str) -> None:
    with translation.override(language):
        assert date_format(MOMENT, "DATETIME_FORMAT") == moment
        assert date_format(MOMENT, "DATE_FORMAT") == day
        assert date_format(MOMENT, "SHORT_DATETIME_FORMAT") == "03/11/2026 09:05"
        assert date_format(MOMENT, "SHORT_DATE_FORMAT") == "03/11/2026"
