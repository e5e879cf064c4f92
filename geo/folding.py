"""Names of communes as they are compared: without case, accents, punctuation, abbreviations and CEDEX."""

import re
import unicodedata
from functools import lru_cache

_ARRONDISSEMENT = re.compile(
    r"^ *(paris|lyon|marseille) 0?([1-9][0-9]?) ?(?:er|e|eme|ieme|nd)?(?: arr[a-z]*)? *$", re.M
)
_NUMBERED = re.compile(r"(paris|lyon|marseille) [0-9]{2}")
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_OTHER_SIGNS = re.compile(r"[^a-z0-9\n]+")
_ABBREVIATIONS = ((re.compile(r"\bs/", re.I), "sur "), (re.compile(r"\bst(e?)\b", re.I), r"saint\1"))
_CEDEX = re.compile(r"\bcedex\b.*", re.I)


@lru_cache(maxsize=1024)
def fold(name: str) -> str:
    """Return a name as names are compared: "MONT ST AIGNAN CEDEX" and "Mont-Saint-Aignan" are the same."""
    text = _CEDEX.sub("", " ".join(name.split()))
    for abbreviation, words in _ABBREVIATIONS:
        text = abbreviation.sub(words, text)
    return fold_lines(text)[0]


def fold_lines(names: str) -> list[str]:
    """Fold case, accents and punctuation of many full names, one a line, in a few passes over all of them.

    An arrondissement becomes "paris 08", however it is written.
    """
    text = unicodedata.normalize("NFKD", names).casefold().replace("œ", "oe").replace("æ", "ae")
    text = _OTHER_SIGNS.sub(" ", _ACCENTS.sub("", text))
    text = _ARRONDISSEMENT.sub(lambda found: f"{found[1]} {found[2]:0>2}", text)
    return [line.strip() for line in text.split("\n")]


def undivided(key: str) -> str:
    """Return the folded name of an arrondissement's city; any other name as it is."""
    numbered = _NUMBERED.fullmatch(key)
    return numbered[1] if numbered else key


def says_cedex(name: str) -> bool:
    """Return whether a name is followed by CEDEX, so that its postcode is no commune's own."""
    return bool(_CEDEX.search(name))
