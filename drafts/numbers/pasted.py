"""What comes along when a number or a code is pasted: invisible characters, spaces of every kind, a spreadsheet's ".0".

Pages, mails and PDF documents put them in; nobody sees them, and no rule of a number should have to know them.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

# Of the general categories Cc (control) and Cf (format) no character shows; these others don't either.
_INVISIBLE = frozenset({"Cc", "Cf"})
_ALSO_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_WITH_DECIMALS = re.compile(r"([0-9]+)[.,]0+")
_SCIENTIFIC = re.compile(r"([0-9])[.,]([0-9]+)[eE]\+?([0-9]{1,2})")

Meaning = TypeVar("Meaning")


def visible(text: str) -> str:
    """Return a text without its invisible characters and without the spaces around it."""
    shown = (char for char in text if char.isspace() or unicodedata.category(char) not in _INVISIBLE)
    return _ALSO_INVISIBLE.sub("", "".join(shown)).strip()


def compact(text: str) -> str:
    """Return a text without invisible characters and without spaces of any kind."""
    return "".join(visible(text).split())


def whole(text: str) -> str:
    """Return the digits of a whole number as a spreadsheet writes one: "76130.0", "7,3282932000074E+13".

    A text that is no such number is returned as it is; so is one in which the spreadsheet left digits out.
    """
    if found := _WITH_DECIMALS.fullmatch(text):
        return found[1]
    found = _SCIENTIFIC.fullmatch(text)
    if found and len(found[2]) == int(found[3]):
        return found[1] + found[2]
    return text


def padded(text: str, length: int) -> str:
    """Return a spreadsheet's number with the one leading zero that it lost, or else the same as `whole`."""
    digits = whole(text)
    return digits.zfill(length) if digits != text and len(digits) == length - 1 else digits


def without_invisible(rule: Callable[[str], Meaning]) -> Callable[[str], Meaning]:
    """Return a rule that is given only what is visible of a text."""

    @wraps(rule)
    def seen(text: str) -> Meaning:
        return rule(visible(text))

    return seen
