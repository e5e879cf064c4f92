"""The formats of numbers that only copper orders have: each takes a typed text and returns the canonical value.

Each raises Django's `ValidationError` with one sentence, as `drafts.formats` does.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SEPARATORS = re.compile(r"[\s.\-]")
_LINE_NUMBER = re.compile(r"0[1-9][0-9]{8}")
_RIO = re.compile(r"[0-9A-Z+]{12}")
_BATCH = re.compile(r"B[0-9]{6}_[0-9]{5}")


def endpoint_ref(text: str) -> str:
    """Return the ten digits of a line's number; any other reference as it is (extranet-orders.txt, endpoints)."""
    digits = _SEPARATORS.sub("", text)
    return digits if is_line_number(digits) else text.strip()


def is_line_number(text: str) -> bool:
    return bool(_LINE_NUMBER.fullmatch(text))


def mandate(text: str) -> str:
    """Return a mandate's number, without blanks."""
    return _SEPARATORS.sub("", text) if _SEPARATORS.sub("", text).isdecimal() else text.strip()


def rio(text: str) -> str:
    """Return a RIO's twelve characters in capitals. Raises ValidationError."""
    code = re.sub(r"\s", "", text).upper()
    if not _RIO.fullmatch(code):
        raise ValidationError(
            _(
                "A RIO has 12 letters and digits; you entered “%(text)s”. The customer gets it by calling "
                "3179."
            )
            % {"text": text[:40]}
        )
    return code


def batch(text: str) -> str:
    """Return a batch's reference (extranet-orders.txt, batch_alias: BYYMMDD_XXXXX). Raises ValidationError."""
    alias = text.strip().upper()
    if not _BATCH.fullmatch(alias):
        raise ValidationError(
            _("A batch looks like B180612_00001; you entered “%(text)s”. Covage's delivery team provides it.")
            % {"text": text[:40]}
        )
    return alias
