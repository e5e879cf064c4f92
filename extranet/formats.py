"""The formats that only copper orders have: numbers as typed, and codes of options and references in words.

The rules for numbers return the canonical value or raise `ValidationError` with one sentence, as `drafts.formats` does.
"""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from drafts.numbers import phones
from drafts.numbers.pasted import compact, visible
from web.words import in_words

LINE_NUMBER = "line_number"
_LINE_NUMBER_LABEL = gettext_lazy("line number")
_STANDBY = gettext_lazy("active/standby")

_SEPARATORS = re.compile(r"[.\-]")
_LIKE_A_NUMBER = re.compile(r"(?:\+|00?)[1-9(][0-9().\-]*")
# ARCEP's numbering plan: 01 to 05 and 09 are fixed, 06 and 07 mobile, 08 special.
_FIXED = re.compile(r"0[1-59][0-9]{8}")
_MOBILE_OR_SPECIAL = re.compile(r"0[678][0-9]{8}")
# Operator, quality, reference and key: OO Q RRRRRR CCC (ARCEP, decision 2013-0830, article 12).
_RIO = re.compile(r"[0-9A-Z]{2}[A-Z][0-9A-Z]{6}[0-9A-Z+]{3}")
_BATCH = re.compile(r"B[0-9]{6}_[0-9]{5}")


def endpoint_ref(text: str) -> str:
    """Return the ten digits of a telephone number, which a line's number is; any other reference as it is.

    The page on endpoints in extranet-orders.txt shows ten digits.
    """
    number = phones.parse(text) if _LIKE_A_NUMBER.fullmatch(compact(text)) else ""
    return number if number.startswith("0") else visible(text)


def is_line_number(text: str) -> bool:
    """Whether a text is the ten digits of a fixed line's number."""
    return bool(_FIXED.fullmatch(text))


def is_mobile_or_special(text: str) -> bool:
    """Whether a text is ten digits that no copper line has."""
    return bool(_MOBILE_OR_SPECIAL.fullmatch(text))


def mandate(text: str) -> str:
    """Return a mandate's number, without blanks; one with letters as it is."""
    digits = _SEPARATORS.sub("", compact(text))
    return digits if digits.isdecimal() else visible(text)


def rio(text: str) -> str:
    """Return a RIO's twelve characters in capitals. Raises ValidationError."""
    code = _SEPARATORS.sub("", compact(text)).upper()
    if not _RIO.fullmatch(code):
        raise ValidationError(
            _(
                "A RIO has 12 letters and digits, such as 01 F A1B2C3 D4E; you entered “%(text)s”. The "
                "customer gets it by calling 3179."
            )
            % {"text": visible(text)[:40]}
        )
    return code


def batch(text: str) -> str:
    """Return a batch's reference (extranet-orders.txt, batch_alias: BYYMMDD_XXXXX). Raises ValidationError."""
    alias = compact(text).upper()
    if not _BATCH.fullmatch(alias):
        raise ValidationError(
            _("A batch looks like B180612_00001; you entered “%(text)s”. Covage's delivery team provides it.")
            % {"text": visible(text)[:40]}
        )
    return alias


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
