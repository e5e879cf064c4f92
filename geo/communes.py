"""France's communes: which INSEE code, name and postcodes belong together.

The list is the official one (`geo/data/README.md`). It has Paris, Lyon and Marseille by their arrondissements,
since an address has the arrondissement's INSEE code and postcode. It doesn't have CEDEX postcodes, so a postcode
that is not in it proves nothing within its own department.
"""

import csv
import gzip
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

DATA = Path(__file__).parent / "data"
# Each has an INSEE code of its own too, which is official and names no arrondissement.
DIVIDED_CITIES = {"75056": "Paris", "69123": "Lyon", "13055": "Marseille"}
NAMES_SHOWN = 8

_POSTCODE = re.compile(r"[0-9]{5}")
_INSEE_CODE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_ARRONDISSEMENT = re.compile(
    r"^ *(paris|lyon|marseille) 0?([1-9][0-9]?) ?(?:er|e|eme|ieme|nd)?(?: arr[a-z]*)? *$", re.M
)
_NUMBERED = re.compile(r"(paris|lyon|marseille) [0-9]{2}")
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_OTHER_SIGNS = re.compile(r"[^a-z0-9\n]+")
_ABBREVIATIONS = ((re.compile(r"\bs/", re.I), "sur "), (re.compile(r"\bst(e?)\b", re.I), r"saint\1"))
_CEDEX = re.compile(r"\bcedex\b.*", re.I)


class Commune(NamedTuple):
    """A commune, or an arrondissement of Paris, Lyon or Marseille."""

    insee_code: str
    name: str
    postcodes: tuple[str, ...]


class _Table(NamedTuple):
    by_code: dict[str, Commune]
    by_postcode: dict[str, list[Commune]]
    keys: list[str]
    """The folded names in order; `communes` is in the same order."""
    communes: list[Commune]
    arrondissements: dict[str, list[Commune]]
    delegated_codes: dict[str, str]
    delegated_names: dict[str, list[str]]


def by_insee(code: str) -> Commune | None:
    """Return the commune with this INSEE code, or None. Paris, Lyon and Marseille as wholes are found too."""
    return _table().by_code.get(_clean(code))


def in_postcode(postcode: str) -> list[Commune]:
    """Return the communes that a postcode serves, in alphabetical order; none for a CEDEX postcode."""
    return list(_table().by_postcode.get(_clean(postcode), ()))


def named(name: str) -> list[Commune]:
    """Return the communes of this name, whatever its case, accents, hyphens or abbreviation of Saint.

    "Paris 8" and "Lyon 03" find one arrondissement, "Paris" all of them. The name of a delegated commune
    finds the commune that it is now part of, unless another commune has that very name.
    """
    key, table = _fold(name), _table()
    found = table.communes[bisect_left(table.keys, key) : bisect_right(table.keys, key)]
    if found:
        return found
    delegated = [table.by_code[code] for code in dict.fromkeys(table.delegated_names.get(key, ()))]
    return list(table.arrondissements.get(key, ())) or delegated


def suggest(city: str = "", postcode: str = "", insee_code: str = "", limit: int = 20) -> list[Commune]:
    """Return at most `limit` communes that agree with every part typed so far, exact names first.

    A city or a postcode may be a beginning (of two digits or more for a postcode); an INSEE code is whole.
    """
    postcode = _clean(postcode)
    if insee_code.strip():
        found = by_insee(insee_code)
        pool = [found] if found and _fold(found.name).startswith(_fold(city)) else []
    elif _fold(city):
        pool = _beginning_with(_fold(city)) or named(city)
    else:
        pool = _table().communes if len(postcode) >= 2 else []
    return list(islice(_reached_by(postcode, pool), limit))


def complete(city: str, postcode: str, insee_code: str) -> dict[str, str]:
    """Return values for the blank ones among `city`, `postcode` and `insee_code` that the others settle.

    What is given is never changed and nothing is guessed: a commune with two postcodes settles no postcode.
    """
    given = {"city": city.strip(), "postcode": _clean(postcode), "insee_code": _clean(insee_code)}
    communes = _agreeing(**given) if _well_formed(given["postcode"], given["insee_code"]) else []
    possible = {
        "city": {commune.name for commune in communes},
        "postcode": {postcode for commune in communes for postcode in commune.postcodes},
        "insee_code": {commune.insee_code for commune in communes},
    }
    return {field: min(possible[field]) for field in given if not given[field] and len(possible[field]) == 1}


def disagreement(city: str, postcode: str, insee_code: str) -> tuple[str, str] | None:
    """Return the field to correct and a sentence saying why, when the given values contradict each other.

    None when they agree, when too little is given to tell, and when a code is malformed, which
    `drafts.formats` reports.
    """
    city, postcode, insee_code = city.strip(), _clean(postcode), _clean(insee_code)
    if not _well_formed(postcode, insee_code):
        return None
    if not insee_code:
        return _city_against_postcode(city, postcode)
    commune = _standing_for(insee_code)
    if commune is None:
        return _postcode_as_code(city, postcode, insee_code) or _unknown_code(city, postcode, insee_code)
    if _applies(commune, city) and _has_postcode(commune, postcode):
        return _city_against_postcode(city, postcode) if insee_code in DIVIDED_CITIES else None
    return _against_commune(commune, city, postcode, insee_code)


def _city_against_postcode(city: str, postcode: str) -> tuple[str, str] | None:
    communes = in_postcode(postcode)
    if not communes or any(_applies(commune, city) for commune in communes):
        return None
    sentence = _("Postcode %(postcode)s is for %(names)s, not %(given)s.")
    names = _either([commune.name for commune in communes])
    return "city", sentence % {"postcode": postcode, "names": names, "given": city}


def _against_commune(commune: Commune, city: str, postcode: str, insee_code: str) -> tuple[str, str]:
    """Return the value that contradicts the two others as the one to correct, where that is clear."""
    if city and _applies(commune, city):
        return _wrong_postcode(commune, postcode, insee_code)
    typed = _postcode_as_code(city, postcode, insee_code)
    if typed:
        return typed
    others = _agreeing(city, postcode, "") if city and postcode else []
    if len(others) == 1:
        sentence = _("The INSEE code of %(name)s is %(code)s; %(given)s belongs to %(other)s.")
        parts = {"name": others[0].name, "code": others[0].insee_code}
        return "insee_code", sentence % {**parts, "given": insee_code, "other": commune.name}
    if not _has_postcode(commune, postcode):
        return _wrong_postcode(commune, postcode, insee_code)
    sentence = _("INSEE code %(code)s belongs to %(name)s, not %(given)s.")
    return "city", sentence % {"code": insee_code, "name": commune.name, "given": city}


def _wrong_postcode(commune: Commune, postcode: str, insee_code: str) -> tuple[str, str]:
    sentence = _("The postcode of %(name)s (INSEE code %(code)s) is %(postcodes)s, not %(given)s.")
    parts = {"name": commune.name, "code": insee_code, "given": postcode}
    return "postcode", sentence % {**parts, "postcodes": _either(commune.postcodes)}


def _postcode_as_code(city: str, postcode: str, insee_code: str) -> tuple[str, str] | None:
    """Recognise a postcode typed as the INSEE code: one that serves the commune which the other values name."""
    communes = in_postcode(insee_code)
    if city or postcode:
        meant = _agreeing(city, postcode, "") or _agreeing("", postcode, "")
        communes = [commune for commune in communes if commune in meant]
    if not communes:
        return None
    if len(communes) == 1:
        sentence = _("The INSEE code of %(name)s is %(code)s; %(given)s is its postcode.")
        parts = {"name": communes[0].name, "code": communes[0].insee_code, "given": insee_code}
        return "insee_code", sentence % parts
    sentence = _("%(given)s is a postcode. The INSEE code is %(codes)s.")
    codes = _either([f"{commune.insee_code} ({commune.name})" for commune in communes])
    return "insee_code", sentence % {"given": insee_code, "codes": codes}


def _unknown_code(city: str, postcode: str, insee_code: str) -> tuple[str, str]:
    communes = _agreeing(city, postcode, "")
    if not communes:
        return "insee_code", _("No commune has the INSEE code %(given)s.") % {"given": insee_code}
    sentence = _("No commune has the INSEE code %(given)s. The other values point to %(codes)s.")
    codes = _either([f"{commune.insee_code} ({commune.name})" for commune in communes])
    return "insee_code", sentence % {"given": insee_code, "codes": codes}


def _agreeing(city: str, postcode: str, insee_code: str) -> list[Commune]:
    """Return the communes that agree with all of the given values; none when nothing is given."""
    if insee_code:
        found = _standing_for(insee_code)
        pool = [found] if found else []
    else:
        pool = in_postcode(postcode) or named(city)
    return [commune for commune in pool if _has_postcode(commune, postcode) and _applies(commune, city)]


def _standing_for(insee_code: str) -> Commune | None:
    """Return the commune of an INSEE code; for a delegated commune's code, the one that it is part of."""
    return by_insee(insee_code) or by_insee(_table().delegated_codes.get(insee_code, ""))


def _has_postcode(commune: Commune, postcode: str) -> bool:
    """Return whether a postcode may be the commune's. One outside the list may be a CEDEX of its department."""
    if not postcode or not commune.postcodes or postcode in commune.postcodes:
        return True
    departments = {_department(code) for code in (commune.insee_code, *commune.postcodes)}
    return postcode not in _table().by_postcode and _department(postcode) in departments


def _department(code: str) -> str:
    return "20" if code.startswith(("2A", "2B")) else code[:2]


def _applies(commune: Commune, city: str) -> bool:
    """Return whether a city, as people write it, may be this commune.

    Its own name, its city's and a delegated commune's do so outright. A name that no commune has may be a
    longer or a shorter form ("Valbonne Sophia Antipolis"), or a delivery office's when it says CEDEX.
    """
    key, own = _fold(city), _fold(commune.name)
    if not key or key in (own, _undivided(own)) or _undivided(key) == own:
        return True
    if commune.insee_code in _table().delegated_names.get(key, ()):
        return True
    if named(city):
        return False
    words, own_words = set(key.split()), set(own.split())
    return words <= own_words or own_words <= words or "cedex" in city.casefold()


def _undivided(key: str) -> str:
    numbered = _NUMBERED.fullmatch(key)
    return numbered[1] if numbered else key


def _beginning_with(prefix: str) -> list[Commune]:
    keys = _table().keys
    return _table().communes[bisect_left(keys, prefix) : bisect_left(keys, f"{prefix}~")]


def _reached_by(postcode: str, communes: Iterable[Commune]) -> Iterator[Commune]:
    """Yield those with a postcode that begins so; all of them below two digits."""
    for commune in communes:
        if len(postcode) < 2 or any(known.startswith(postcode) for known in commune.postcodes):
            yield commune


def _clean(code: str) -> str:
    return "".join(code.split()).upper()


def _well_formed(postcode: str, insee_code: str) -> bool:
    return bool(_POSTCODE.fullmatch(postcode or "00000") and _INSEE_CODE.fullmatch(insee_code or "00000"))


def _either(items: Sequence[str]) -> str:
    shown = list(items) if len(items) <= NAMES_SHOWN else [*items[:NAMES_SHOWN], "…"]
    return get_text_list(shown, _("or"))


def _fold(name: str) -> str:
    """Return a name as names are compared: "MONT ST AIGNAN CEDEX" and "Mont-Saint-Aignan" are the same."""
    text = _CEDEX.sub("", " ".join(name.split()))
    for abbreviation, words in _ABBREVIATIONS:
        text = abbreviation.sub(words, text)
    return _fold_lines(text)[0]


def _fold_lines(names: str) -> list[str]:
    """Fold case, accents and punctuation of many full names, one a line, in a few passes over all of them.

    An arrondissement becomes "paris 08", however it is written.
    """
    text = unicodedata.normalize("NFKD", names).casefold().replace("œ", "oe").replace("æ", "ae")
    text = _OTHER_SIGNS.sub(" ", _ACCENTS.sub("", text))
    text = _ARRONDISSEMENT.sub(lambda found: f"{found[1]} {found[2]:0>2}", text)
    return [line.strip() for line in text.split("\n")]


@cache
def _table() -> _Table:
    """Read the list, once a process; two threads that come first at the same time build equal tables."""
    unordered = _read_communes()
    unordered_keys = _fold_lines("\n".join(commune.name for commune in unordered))
    order = sorted(range(len(unordered)), key=unordered_keys.__getitem__)
    communes = [unordered[position] for position in order]
    keys = [unordered_keys[position] for position in order]
    arrondissements = _arrondissements(keys, communes)
    delegated_codes, delegated_names = _read_delegated()
    return _Table(
        by_code={commune.insee_code: commune for commune in (*communes, *_divided_cities(arrondissements))},
        by_postcode=_by_postcode(communes),
        keys=keys,
        communes=communes,
        arrondissements=arrondissements,
        delegated_codes=delegated_codes,
        delegated_names=delegated_names,
    )


def _read_communes() -> list[Commune]:
    split = cache(lambda postcodes: tuple(postcodes.split()))  # one tuple for all the communes of a postcode
    return [Commune(code, name, split(postcodes)) for name, code, postcodes in _rows("communes.csv.gz")]


def _read_delegated() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the communes that delegated and associated ones are part of, by their codes and folded names."""
    rows = list(_rows("delegated.csv.gz"))
    names: defaultdict[str, list[str]] = defaultdict(list)
    for key, row in zip(_fold_lines("\n".join(row[0] for row in rows)), rows, strict=True):
        names[key].append(row[2])
    return {code: part_of for _name, code, part_of in rows}, dict(names)


def _rows(file_name: str) -> Iterator[list[str]]:
    return csv.reader(gzip.decompress((DATA / file_name).read_bytes()).decode().splitlines())


def _arrondissements(keys: list[str], communes: list[Commune]) -> dict[str, list[Commune]]:
    """Return the arrondissements by their city's folded name; they are adjacent in the order of keys."""
    cities = map(_fold, DIVIDED_CITIES.values())
    return {
        city: communes[bisect_left(keys, f"{city} 01") : bisect_right(keys, f"{city} 99")] for city in cities
    }


def _divided_cities(arrondissements: dict[str, list[Commune]]) -> Iterator[Commune]:
    for code, city in DIVIDED_CITIES.items():
        parts = arrondissements[_fold(city)]
        yield Commune(code, city, tuple(postcode for part in parts for postcode in part.postcodes))


def _by_postcode(communes: list[Commune]) -> dict[str, list[Commune]]:
    by_postcode: dict[str, list[Commune]] = {}
    for commune in communes:
        for postcode in commune.postcodes:
            by_postcode.setdefault(postcode, []).append(commune)
    return by_postcode
