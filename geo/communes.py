"""France's communes: which INSEE code, name and postcodes belong together.

What other packages use of `geo`: the look-ups of `geo.table`, suggestions and completion, contradictions.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from geo.contradictions import disagreement, names_another, remark, well_formed
from geo.folding import fold, says_cedex
from geo.table import (
    DIVIDED_CITIES,
    Commune,
    bearing,
    beginning_with,
    by_insee,
    clean,
    everywhere,
    has_postcode,
    in_postcode,
    named,
    standing_for,
)

__all__ = [
    "DIVIDED_CITIES",
    "Commune",
    "by_insee",
    "complete",
    "disagreement",
    "in_postcode",
    "named",
    "remark",
    "suggest",
]


def suggest(city: str = "", postcode: str = "", insee_code: str = "", limit: int = 20) -> list[Commune]:
    """Return at most `limit` communes that agree with every part typed so far, exact names first.

    A city or a postcode may be a beginning (of two digits or more for a postcode); an INSEE code is whole.
    Where no commune of a whole postcode has such a name, all those of the postcode are returned.
    """
    postcode = clean(postcode)
    if insee_code.strip():
        found = by_insee(insee_code)
        pool = [found] if found and fold(found.name).startswith(fold(city)) else []
        return list(islice(_with_postcode(postcode, pool), limit))
    pool = _called(city) if fold(city) else everywhere()
    if not fold(city) and len(postcode) < 2:
        return []
    return list(islice(_with_postcode(postcode, pool), limit)) or in_postcode(postcode)[:limit]


def complete(city: str, postcode: str, insee_code: str) -> dict[str, str]:
    """Return values for the blank ones among `city`, `postcode` and `insee_code` that the others settle.

    What is given is never changed and nothing is guessed: a commune with two postcodes settles no postcode, a
    city with CEDEX neither, and a name that several communes have or had settles none of them.
    """
    given = {"city": city.strip(), "postcode": clean(postcode), "insee_code": clean(insee_code)}
    communes = _settled_by(**given) if well_formed(given["postcode"], given["insee_code"]) else []
    postcodes = {postcode for commune in communes for postcode in commune.postcodes}
    possible = {
        "city": {commune.name for commune in communes},
        "postcode": set() if says_cedex(city) else postcodes,
        "insee_code": {commune.insee_code for commune in communes},
    }
    return {field: min(possible[field]) for field in given if not given[field] and len(possible[field]) == 1}


def _settled_by(city: str, postcode: str, insee_code: str) -> list[Commune]:
    """Return the communes that the given values leave; none when they contradict each other or are blank."""
    if insee_code:
        found = standing_for(insee_code)
        if not found or names_another(found, city, confirmed=bool(postcode)):
            return []
        pool = [found]
    else:
        pool = bearing(city, postcode) if fold(city) else in_postcode(postcode)
    return [commune for commune in pool if has_postcode(commune, postcode)]


def _called(city: str) -> list[Commune]:
    """Return the communes whose name is a city or begins so, with those of which a part is or was called so."""
    return list(dict.fromkeys([*bearing(city), *beginning_with(fold(city))]))


def _with_postcode(postcode: str, communes: Iterable[Commune]) -> Iterator[Commune]:
    """Yield those with a postcode that begins so; all of them below two digits."""
    for commune in communes:
        if len(postcode) < 2 or any(known.startswith(postcode) for known in commune.postcodes):
            yield commune
