"""The vendor's codes, paths and stock messages in the reader's words, where nothing better is declared."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[._]+[A-Za-z0-9*]+)*")
_ACRONYMS = frozenset(
    {"ADV", "BDC", "BPE", "CPE", "DIA", "DSP", "ENNI", "GTR", "INSEE", "POP", "PV", "RIO", "SIRET", "VLAN"}
)
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_PART = re.compile(r"[A-Za-z0-9]+|\*")
# The vendor's known codes of refusals.
_REFUSALS = {
    "ENNI_UNKNOWN": gettext_lazy("this ENNI is unknown"),
    "ADDRESS_UNKNOWN": gettext_lazy("this address is unknown"),
    "FEASIBILITY": gettext_lazy("feasibility"),
}
# Stock messages of the vendor's framework, which would otherwise be the only English on a French page.
_IS_NO_CHOICE = re.compile(r"[\"“«']\s*(?P<value>.*?)\s*[\"”»'] is not a valid choice\.?")
_IS_MISSING = re.compile(r"This field (?:is required|may not be (?:blank|null|empty))\.?")


def in_words(code: str) -> str:
    """Returns a code as words with a capital: `lost_in_space` → "Lost in space".

    What isn't a code stays as it is, and so does a short one in capitals: these are the trade's names (BPEA, FON).
    """
    if not _CODE.fullmatch(code) or _ABBREVIATION.fullmatch(code):
        return code
    words = " ".join(_word(part) for part in _PART.findall(code))
    return words[:1].upper() + words[1:]


def path_in_words(path: str) -> str:
    """Returns an undeclared path in words: "Options › grt › default value"; items are counted from 1."""
    first, *rest = path.replace("_", " ").split(".")
    words = " › ".join([first, *(str(int(part) + 1) if _is_place(part) else part for part in rest)])
    return words[:1].upper() + words[1:]


def _is_place(part: str) -> bool:
    return part.isdecimal() and len(part) < 7


def _word(part: str) -> str:
    return part.upper() if part.upper() in _ACRONYMS else part.lower()


def refusal_words(error: Mapping[str, Any]) -> str:
    """Returns what a refusal (`code`, `message`) says; "" if nothing. The vendor's own sentences stay as they are."""
    message, code = str(error.get("message") or ""), str(error.get("code") or "")
    if found := _IS_NO_CHOICE.fullmatch(message):
        return _("“%(value)s” isn't one of the values that Covage accepts.") % {"value": found["value"]}
    if _IS_MISSING.fullmatch(message):
        return _("Covage needs this value.")
    return message or str(_REFUSALS.get(code) or in_words(code))
