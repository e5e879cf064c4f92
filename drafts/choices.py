"""Suggestions for the fields of any draft: the communes that agree with what was typed."""

from collections.abc import Iterable
from typing import NamedTuple

from geo import communes


class Choice(NamedTuple):
    value: str
    label: str


def places(city: str = "", postcode: str = "", insee_code: str = "") -> dict[str, list[Choice]]:
    """The communes that agree with these fields, for each of them; none where all are empty."""
    found = communes.suggest(city, postcode, insee_code) if city or postcode or insee_code else []
    return {
        "cities": _unique(Choice(c.name, f"{c.insee_code} · {_postcodes(c)}") for c in found),
        "postcodes": _unique(Choice(code, c.name) for c in found for code in c.postcodes),
        "insee_codes": _unique(Choice(c.insee_code, f"{c.name} {_postcodes(c)}") for c in found),
    }


def _postcodes(commune: communes.Commune) -> str:
    return ", ".join(commune.postcodes[:3]) + ("…" if len(commune.postcodes) > 3 else "")


def _unique(choices: Iterable[Choice]) -> list[Choice]:
    return list({choice.value: choice for choice in choices}.values())
