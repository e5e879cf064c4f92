"""The extranet's short identifiers (`t8jcx8tp`), its legible references, and how it writes a moment."""

import secrets
import string
from datetime import date, datetime
from functools import lru_cache

from sandbox.clock import PARIS
from sandbox.dice import Dice

_ALPHABET = string.digits + string.ascii_lowercase
_LENGTH = 8
_SPACE: int = len(_ALPHABET) ** _LENGTH
_STRIDE = 1_987_654_321_981  # has no factor in common with the space, so no two numbers meet
_BACK = pow(_STRIDE, -1, _SPACE)


def short_id(kind: str, number: int) -> str:
    """Return the identifier of the object of this kind and number; `number_of` gives the number back."""
    left, letters = (number * _STRIDE + _offset(kind)) % _SPACE, ""
    for _ in range(_LENGTH):
        left, digit = divmod(left, len(_ALPHABET))
        letters = _ALPHABET[digit] + letters
    return letters


def number_of(kind: str, identifier: str) -> int:
    """Return the number behind an identifier; any number for an identifier that `short_id` did not give."""
    if len(identifier) != _LENGTH or not set(identifier) <= set(_ALPHABET):
        return 0
    return (int(identifier, len(_ALPHABET)) - _offset(kind)) * _BACK % _SPACE


def new_id() -> str:
    """Return an identifier that nothing else has."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


@lru_cache
def _offset(kind: str) -> int:
    return Dice("identifier", kind).below(_SPACE)


def order_alias(day: date, number: int) -> str:
    return f"O{day:%y%m%d}_{number % 100_000:05d}"


def service_alias(day: date, number: int) -> str:
    return f"S{day:%Y%m%d}_{number % 100_000:05d}"


def extranet_moment(moment: datetime) -> str:
    """Return a moment as the extranet's examples write it: Paris time without an offset."""
    return moment.astimezone(PARIS).replace(tzinfo=None).isoformat(timespec="microseconds")
