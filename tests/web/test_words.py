"""The vendor's codes are shown as words, and its stock messages in our own."""

from typing import Any

import pytest
from django.utils import translation

from web.words import in_words, refusal_words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("lost_in_space", "Lost in space"),
        ("lost", "Lost"),
        ("ENNI_UNKNOWN", "ENNI unknown"),
        ("held_adv_validation", "Held ADV validation"),
        ("options.grt.default_value", "Options grt default value"),
        ("termination_error.0.code", "Termination error 0 code"),
        ("PV_LIVRAISON", "PV livraison"),
        ("", ""),
    ],
)
def test_an_undeclared_code_is_shown_as_words(code: str, words: str) -> None:
    assert in_words(code) == words


@pytest.mark.parametrize(
    "text",
    [
        "BPEA",
        "E7",
        "Not now.",
        "24/7",
        "à voir",
        "d5a4a9aa-ba2c-4f53-95c7-0c1ce6f6e7fa",
        "60m+",
        "a@b.example",
    ],
)
def test_what_is_no_code_stays_as_it_is(text: str) -> None:
    assert in_words(text) == text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"message": "“4h” is not a valid choice."}, "“4h” isn't one of the values that Covage accepts."),
        ({"message": '"4h" is not a valid choice.'}, "“4h” isn't one of the values that Covage accepts."),
        ({"message": "This field is required."}, "Covage needs this value."),
        ({"message": "This field may not be blank."}, "Covage needs this value."),
        ({"message": "No such door.", "code": "unknown"}, "No such door."),
        ({"code": "ENNI_UNKNOWN", "message": ""}, "this ENNI is unknown"),
        ({"code": "OUT_OF_REACH"}, "Out of reach"),
        ({"code": None, "message": None}, ""),
        ({}, ""),
    ],
)
def test_a_refusal_is_shown_in_words(error: dict[str, Any], words: str) -> None:
    assert refusal_words(error) == words


def test_the_stock_messages_are_in_the_readers_language() -> None:
    with translation.override("fr"):
        assert refusal_words({"message": "“4h” is not a valid choice."}) == (
            "«\xa04h\xa0» ne fait pas partie des valeurs acceptées par Covage."
        )
        assert refusal_words({"code": "ADDRESS_UNKNOWN"}) == "cette adresse est inconnue"
