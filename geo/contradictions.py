"""Which of a city, a postcode and an INSEE code contradict each other, in sentences.

A postcode and an INSEE code that agree name a commune. What stands beside them as the city may be a place, a
district, or a former or short name: no list has them all, so it is an error only when it is the name of another
commune of the department.
"""

import re
from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from geo.folding import fold, undivided
from geo.table import (
    DIVIDED_CITIES,
    Commune,
    bearing,
    bears,
    clean,
    department,
    has_postcode,
    in_postcode,
    reached_by,
    standing_for,
    successor,
)

NAMES_SHOWN = 8

_POSTCODE = re.compile(r"[0-9]{5}")
_INSEE_CODE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")


def disagreement(city: str, postcode: str, insee_code: str) -> tuple[str, str] | None:
    """Return the field to correct and a sentence saying why, when the given values contradict each other.

    None when they agree, when too little is given to tell, and when a code is malformed, which
    `drafts.formats` reports.
    """
    city, postcode, insee_code = city.strip(), clean(postcode), clean(insee_code)
    if not well_formed(postcode, insee_code):
        return None
    if not insee_code:
        return _city_against_postcode(city, postcode)
    commune = standing_for(insee_code)
    if commune is None:
        return _postcode_as_code(city, postcode, insee_code) or _unknown_code(city, postcode, insee_code)
    if not has_postcode(commune, postcode):
        return _postcode_against_code(commune, city, postcode, insee_code)
    if names_another(commune, city, confirmed=bool(postcode)):
        return _city_against_code(commune, city, postcode, insee_code)
    return _city_against_postcode(city, postcode) if insee_code in DIVIDED_CITIES else None


def remark(city: str, postcode: str, insee_code: str) -> str:
    """Return a hint at a city that may be a part of the INSEE code's commune; "" where none is needed.

    None is needed for the commune's names, short or longer forms of them, and values that contradict each other.
    """
    code, commune = clean(insee_code), standing_for(clean(insee_code))
    if not commune or not fold(city) or bears(commune, city) or disagreement(city, postcode, insee_code):
        return ""
    words, own_words = set(fold(city).split()), set(fold(commune.name).split())
    if words <= own_words or own_words <= words:
        return ""
    sentence = _("INSEE code %(code)s belongs to %(name)s: check that %(given)s is part of it.")
    return sentence % {"code": code, "name": commune.name, "given": city.strip()}


def names_another(commune: Commune, city: str, *, confirmed: bool) -> bool:
    """Return whether a city is another commune's name and can't be this one's.

    A short form and a name that no commune has may be this one's. So may that of a commune in another
    department when postcode and INSEE code agree (`confirmed`): places share the names of far communes, though
    not of Paris, Lyon and Marseille.
    """
    if not fold(city) or bears(commune, city):
        return False
    if set(fold(city).split()) <= set(fold(commune.name).split()):
        return False
    # A part of a divided city that has no code of its own is in one of its arrondissements.
    others = [other for other in bearing(city) if other.name != _city_of(commune)]
    if not confirmed:
        return bool(others)
    own = department(commune.insee_code)
    return any(department(other.insee_code) == own or _city_of(other) for other in others)


def _city_of(commune: Commune) -> str:
    """Return the divided city that an arrondissement is part of; "" for any other commune."""
    return next((city for city in DIVIDED_CITIES.values() if undivided(fold(commune.name)) == fold(city)), "")


def well_formed(postcode: str, insee_code: str) -> bool:
    """Return whether each of the two codes is blank or has the form of one."""
    return bool(_POSTCODE.fullmatch(postcode or "00000") and _INSEE_CODE.fullmatch(insee_code or "00000"))


def _city_against_postcode(city: str, postcode: str) -> tuple[str, str] | None:
    communes = reached_by(postcode)
    if not communes or not all(names_another(commune, city, confirmed=False) for commune in communes):
        return None
    sentence = _("Postcode %(postcode)s is for %(names)s, not %(given)s.")
    names = _either([commune.name for commune in communes])
    return "city", sentence % {"postcode": postcode, "names": names, "given": city}


def _city_against_code(commune: Commune, city: str, postcode: str, insee_code: str) -> tuple[str, str]:
    """Return the INSEE code as the one to correct, if city and postcode settle another; otherwise the city."""
    wrong_code = _wrong_code(commune, city, postcode, insee_code)
    if wrong_code:
        return wrong_code
    sentence = _("INSEE code %(code)s belongs to %(name)s, not %(given)s.")
    return "city", sentence % {"code": insee_code, "name": commune.name, "given": city}


def _postcode_against_code(commune: Commune, city: str, postcode: str, insee_code: str) -> tuple[str, str]:
    """Return the value that contradicts the two others as the one to correct, where that is clear."""
    wrong_code = None
    if not city or not bears(commune, city):
        wrong_code = _wrong_code(commune, city, postcode, insee_code)
    return wrong_code or _wrong_postcode(commune, postcode, insee_code)


def _wrong_code(commune: Commune, city: str, postcode: str, insee_code: str) -> tuple[str, str] | None:
    typed = _postcode_as_code(city, postcode, insee_code)
    others = _meant(city, postcode) if city and postcode else []
    if typed or len(others) != 1:
        return typed
    sentence = _("The INSEE code of %(name)s is %(code)s; %(given)s belongs to %(other)s.")
    parts = {"name": others[0].name, "code": others[0].insee_code}
    return "insee_code", sentence % {**parts, "given": insee_code, "other": commune.name}


def _wrong_postcode(commune: Commune, postcode: str, insee_code: str) -> tuple[str, str]:
    parts = {"name": commune.name, "code": insee_code, "given": postcode}
    parts["postcodes"] = _either(commune.postcodes)
    others = reached_by(postcode)
    if not others:
        sentence = _("The postcode of %(name)s (INSEE code %(code)s) is %(postcodes)s, not %(given)s.")
        return "postcode", sentence % parts
    sentence = _(
        "The postcode of %(name)s (INSEE code %(code)s) is %(postcodes)s; %(given)s is for %(others)s."
    )
    return "postcode", sentence % {
        **parts,
        "others": _either([f"{other.name} ({other.insee_code})" for other in others]),
    }


def _postcode_as_code(city: str, postcode: str, insee_code: str) -> tuple[str, str] | None:
    """Recognise a postcode typed as the INSEE code: one that serves the commune which the other values name."""
    communes = in_postcode(insee_code)
    if city or postcode:
        meant = _meant(city, postcode) or in_postcode(postcode)
        communes = [commune for commune in communes if commune in meant]
    if not communes:
        return None
    if len(communes) == 1:
        sentence = _("The INSEE code of %(name)s is %(code)s; %(given)s is its postcode.")
        parts = {"name": communes[0].name, "code": communes[0].insee_code, "given": insee_code}
        return "insee_code", sentence % parts
    sentence = _("%(given)s is a postcode. The INSEE code is %(codes)s.")
    return "insee_code", sentence % {"given": insee_code, "codes": _codes(communes)}


def _unknown_code(city: str, postcode: str, insee_code: str) -> tuple[str, str]:
    today = successor(insee_code)
    if today:
        sentence = _("The INSEE code %(given)s is no longer in use. Today it is %(codes)s.")
        return "insee_code", sentence % {"given": insee_code, "codes": _codes([today])}
    communes = _meant(city, postcode)
    if not communes:
        return "insee_code", _("No commune has the INSEE code %(given)s.") % {"given": insee_code}
    sentence = _("No commune has the INSEE code %(given)s. The other values point to %(codes)s.")
    return "insee_code", sentence % {"given": insee_code, "codes": _codes(communes)}


def _meant(city: str, postcode: str) -> list[Commune]:
    """Return the communes that agree with a city and a postcode; none when nothing is given."""
    if not fold(city):
        return in_postcode(postcode)
    return [commune for commune in bearing(city, postcode) if has_postcode(commune, postcode)]


def _codes(communes: Sequence[Commune]) -> str:
    return _either([f"{commune.insee_code} ({commune.name})" for commune in communes])


def _either(items: Sequence[str]) -> str:
    shown = list(items) if len(items) <= NAMES_SHOWN else [*items[:NAMES_SHOWN], "…"]
    return get_text_list(shown, _("or"))
