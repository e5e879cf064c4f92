"""The shipped lists (`geo/data/README.md`), read once a process, and what is looked up in them.

Paris, Lyon and Marseille are there by their arrondissements, since an address has the arrondissement's INSEE code
and postcode. CEDEX postcodes aren't there, so a postcode that is not listed proves nothing within its department.
"""

import csv
import gzip
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from geo.folding import fold, fold_lines, undivided

DATA = Path(__file__).parent / "data"
# Each has an INSEE code of its own too, which is official and names no arrondissement.
DIVIDED_CITIES = {"75056": "Paris", "69123": "Lyon", "13055": "Marseille"}


class Commune(NamedTuple):
    """A commune, or an arrondissement of Paris, Lyon or Marseille."""

    insee_code: str
    name: str
    postcodes: tuple[str, ...]


# INSEE lists it among the countries; its addresses are French ones otherwise.
MONACO = Commune("99138", "Monaco", ("98000",))


class _Table(NamedTuple):
    by_code: dict[str, Commune]
    by_postcode: dict[str, list[Commune]]
    keys: list[str]
    """The folded names in order; `communes` is in the same order."""
    communes: list[Commune]
    arrondissements: dict[str, list[Commune]]
    delegated_codes: dict[str, str]
    former_codes: dict[str, str]
    other_names: dict[str, list[str]]
    """The INSEE codes of those that have a delegated, associated or former commune of a folded name."""
    delivered: dict[str, list[tuple[str, str]]]
    """By postcode, the folded names by which post is delivered there, each with an INSEE code."""
    delivery_names: set[tuple[str, str]]
    """The same names, each with its INSEE code."""


def by_insee(code: str) -> Commune | None:
    """Return the commune with this INSEE code, or None. Paris, Lyon and Marseille as wholes are found too."""
    return _table().by_code.get(clean(code))


def standing_for(insee_code: str) -> Commune | None:
    """Return the commune of an INSEE code; for a delegated commune's code, the one that it is part of."""
    return by_insee(insee_code) or by_insee(_table().delegated_codes.get(insee_code, ""))


def successor(insee_code: str) -> Commune | None:
    """Return today's commune for the INSEE code of one that is no more, or None."""
    return by_insee(_table().former_codes.get(insee_code, ""))


def in_postcode(postcode: str) -> list[Commune]:
    """Return the communes that a postcode serves, in alphabetical order; none for a CEDEX postcode."""
    return list(_table().by_postcode.get(clean(postcode), ()))


def reached_by(postcode: str) -> list[Commune]:
    """Return the communes that a postcode serves, then those of which it serves a part."""
    table = _table()
    partly = [table.by_code[code] for _name, code in table.delivered.get(postcode, ())]
    return list(dict.fromkeys([*in_postcode(postcode), *partly]))


def named(name: str) -> list[Commune]:
    """Return the communes of this name, whatever its case, accents, hyphens or abbreviation of Saint.

    "Paris 8" and "Lyon 03" find one arrondissement, "Paris" all of them. The name of a delegated or former
    commune finds the commune that it is now part of, unless another commune has that very name.
    """
    key = fold(name)
    return _own(key) or list(_table().arrondissements.get(key, ())) or _formerly(key)


def bearing(name: str, postcode: str = "") -> list[Commune]:
    """Return all the communes that have or had this name, or a part that has it, those that have it now first.

    A name by which post is delivered counts for its postcode only.
    """
    key, table = fold(name), _table()
    delivered = [table.by_code[code] for each, code in table.delivered.get(postcode, ()) if each == key]
    return list(dict.fromkeys([*_own(key), *table.arrondissements.get(key, ()), *_formerly(key), *delivered]))


def bears(commune: Commune, name: str) -> bool:
    """Return whether a name is the commune's: its own, its city's, or that of a part of it, now or formerly."""
    key, own, table = fold(name), fold(commune.name), _table()
    if key in (own, undivided(own)) or undivided(key) == own:
        return True
    return commune.insee_code in table.other_names.get(key, ()) or (
        (key, commune.insee_code) in table.delivery_names
    )


def has_postcode(commune: Commune, postcode: str) -> bool:
    """Return whether a postcode may be the commune's. One outside the list may be a CEDEX of its department."""
    if not postcode or not commune.postcodes or postcode in commune.postcodes:
        return True
    if postcode in _table().by_postcode:
        return commune in reached_by(postcode)
    return department(postcode) in {department(code) for code in (commune.insee_code, *commune.postcodes)}


def department(code: str) -> str:
    """Return the department of an INSEE code or a postcode, Corsica as one; overseas, by three digits."""
    if code.startswith(("2A", "2B")):
        return "20"
    if code.startswith("970"):
        return "971"
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def beginning_with(prefix: str) -> list[Commune]:
    """Return the communes whose folded name begins so, in alphabetical order."""
    keys = _table().keys
    return _table().communes[bisect_left(keys, prefix) : bisect_left(keys, f"{prefix}~")]


def everywhere() -> list[Commune]:
    """Return all the communes in alphabetical order, Paris, Lyon and Marseille by their arrondissements."""
    return _table().communes


def clean(code: str) -> str:
    """Return a code as the lists have it, without spaces and in capitals."""
    return "".join(code.split()).upper()


def _own(key: str) -> list[Commune]:
    keys = _table().keys
    return _table().communes[bisect_left(keys, key) : bisect_right(keys, key)]


def _formerly(key: str) -> list[Commune]:
    table = _table()
    return [table.by_code[code] for code in dict.fromkeys(table.other_names.get(key, ()))]


@cache
def _table() -> _Table:
    """Read the lists, once a process; two threads that come first at the same time build equal tables."""
    unordered = _read_communes()
    unordered_keys = fold_lines("\n".join(commune.name for commune in unordered))
    order = sorted(range(len(unordered)), key=unordered_keys.__getitem__)
    communes = [unordered[position] for position in order]
    keys = [unordered_keys[position] for position in order]
    arrondissements = _arrondissements(keys, communes)
    wholes = [*_divided_cities(arrondissements), MONACO]
    delegated, former = list(_rows("delegated.csv.gz")), list(_rows("former.csv.gz"))
    delivered = _read_delivered()
    return _Table(
        by_code={commune.insee_code: commune for commune in (*communes, *wholes)},
        by_postcode=_by_postcode([*communes, MONACO]),
        keys=keys,
        communes=communes,
        arrondissements=arrondissements,
        delegated_codes={code: part_of for _name, code, part_of in delegated},
        former_codes={code: part_of for _name, code, part_of in former},
        other_names=_other_names([*delegated, *former, [MONACO.name, "", MONACO.insee_code]]),
        delivered=delivered,
        delivery_names={pair for pairs in delivered.values() for pair in pairs},
    )


def _read_communes() -> list[Commune]:
    split = cache(lambda postcodes: tuple(postcodes.split()))  # one tuple for all the communes of a postcode
    return [Commune(code, name, split(postcodes)) for name, code, postcodes in _rows("communes.csv.gz")]


def _other_names(rows: list[list[str]]) -> dict[str, list[str]]:
    """Return the INSEE codes of today's communes by the folded names of delegated and former ones."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for key, row in zip(fold_lines("\n".join(row[0] for row in rows)), rows, strict=True):
        names[key].append(row[2])
    return dict(names)


def _read_delivered() -> dict[str, list[tuple[str, str]]]:
    delivered: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, code, postcode in _rows("deliveries.csv.gz"):
        delivered[postcode].append((fold(name), code))
    return dict(delivered)


def _rows(file_name: str) -> Iterator[list[str]]:
    return csv.reader(gzip.decompress((DATA / file_name).read_bytes()).decode().splitlines())


def _arrondissements(keys: list[str], communes: list[Commune]) -> dict[str, list[Commune]]:
    """Return the arrondissements by their city's folded name; they are adjacent in the order of keys."""
    cities = map(fold, DIVIDED_CITIES.values())
    return {
        city: communes[bisect_left(keys, f"{city} 01") : bisect_right(keys, f"{city} 99")] for city in cities
    }


def _divided_cities(arrondissements: dict[str, list[Commune]]) -> Iterator[Commune]:
    for code, city in DIVIDED_CITIES.items():
        parts = arrondissements[fold(city)]
        yield Commune(code, city, tuple(postcode for part in parts for postcode in part.postcodes))


def _by_postcode(communes: Iterable[Commune]) -> dict[str, list[Commune]]:
    by_postcode: dict[str, list[Commune]] = {}
    for commune in communes:
        for postcode in commune.postcodes:
            by_postcode.setdefault(postcode, []).append(commune)
    return by_postcode
