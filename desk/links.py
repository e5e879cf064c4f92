"""Phone numbers and addresses that can be called and written to."""

import re

from django.core.exceptions import ValidationError
from django.utils.html import format_html

from catalogue import formats


def phone_link(text: str) -> str:
    """A phone number that can be called; as text when it is none. Numbers that lost their first 0 are known."""
    number = _callable_number(text)
    return format_html('<a href="tel:{}">{}</a>', number, text) if number else text


def _callable_number(text: str) -> str:
    try:
        return formats.phone(text)
    except ValidationError:
        # The numbering plan changes, and a number in no plan that we know can be dialled all the same.
        digits = re.sub(r"[\s.()/-]", "", text)
        return digits if re.fullmatch(r"\+?\d{9,15}", digits) else ""


def mail_link(text: str) -> str:
    """An address that can be written to; as text when it is none."""
    try:
        return format_html('<a href="mailto:{}">{}</a>', formats.email(text), text) if text else ""
    except ValidationError:
        return text
