"""The codes of a copper order's options and types of reference, in words and back."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from web.words import in_words

LINE_NUMBER = "line_number"
_LINE_NUMBER_LABEL = gettext_lazy("line number")
_STANDBY = gettext_lazy("active/standby")


def option_words(code: str) -> str:
    """An option's value in words: `36_months` → "36 months", `4h_bhbd` → "4 h in business hours"."""
    for shape, words in _SHAPES:
        if found := shape.fullmatch(code):
            return words(found)
    return in_words(code)


def _months(found: re.Match[str]) -> str:
    return ngettext("%(number)d month", "%(number)d months", int(found[1])) % {"number": int(found[1])}


def _repair(found: re.Match[str]) -> str:
    hours = {"hours": found[1]}
    if found[2] == "bhbd":
        return _("%(hours)s h in business hours") % hours
    return (_("%(hours)s h 24/7") if found[2] else _("%(hours)s h")) % hours


def _length(found: re.Match[str]) -> str:
    return _("%(first)s to %(last)s m") % {"first": found[1], "last": found[2]}


def _at_least(found: re.Match[str]) -> str:
    return _("%(length)s m or more") % {"length": found[1]}


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"([0-9]{1,3})_months?"), _months),
    (re.compile(r"([0-9]{1,3})h(?:_(bhbd|24_7))?"), _repair),
    (re.compile(r"([0-9]{1,4})-([0-9]{1,4})m"), _length),
    (re.compile(r"([0-9]{1,4})m\+"), _at_least),
    (re.compile("active_standby"), lambda _found: str(_STANDBY)),
)


def reference_words(kind: str) -> str:
    """A type of reference in words; any but a line's number exactly as the eligibility study gave it."""
    return str(_LINE_NUMBER_LABEL) if kind == LINE_NUMBER else kind


def reference_kind(text: str) -> str:
    """The type of reference that a typed text means, the inverse of `reference_words`."""
    is_label = text.casefold() in (str(_LINE_NUMBER_LABEL).casefold(), "line number")
    return LINE_NUMBER if is_label else text
