"""What the pickers offer: reference data where the account has a right to it, documented codes, communes."""

from collections.abc import Iterable
from typing import NamedTuple

from catalogue import communes
from sessions_app.forms import LineForm, Site
from sessions_app.models import Option, Reference

OFFER_FAMILIES = ("BPE", "BPEA", "DIA")
OFFER_TECHNOLOGIES = ("FIBDE", "FON")
MOST = 500


class Choice(NamedTuple):
    value: str
    label: str


def static_lists() -> dict[str, list[Choice]]:
    """The lists that don't depend on what was typed, by the name under which a field suggests them."""
    return {
        "projects": _references(Reference.Kind.PROJECT),
        "ennis": _references(Reference.Kind.ENNI),
        "offer_families": [Choice(code, "") for code in OFFER_FAMILIES],
        "offer_technologies": [Choice(code, "") for code in OFFER_TECHNOLOGIES],
        "options": [Choice(option.option_id, option.label) for option in Option.objects.all()[:MOST]],
    }


def place_lists(form: LineForm) -> dict[str, list[Choice]]:
    """For each site, the communes that agree with what stands in its three fields: {"cities-0": […], …}."""
    lists = {}
    for site in form.sites:
        city, postcode, insee_code = _place(site)
        found = communes.suggest(city, postcode, insee_code) if city or postcode or insee_code else []
        lists[f"cities-{site.index}"] = _unique(
            Choice(c.name, f"{c.insee_code} · {_postcodes(c)}") for c in found
        )
        lists[f"postcodes-{site.index}"] = _unique(
            Choice(code, c.name) for c in found for code in c.postcodes
        )
        lists[f"insee_codes-{site.index}"] = _unique(
            Choice(c.insee_code, f"{c.name} {_postcodes(c)}") for c in found
        )
    return lists


def _references(kind: str) -> list[Choice]:
    active = Reference.objects.filter(kind=kind, active=True, gone_at=None)[:MOST]
    return [Choice(reference.code, reference.label) for reference in active]


def _place(site: Site) -> tuple[str, str, str]:
    texts = {slot.declared.name: str(slot.field.value() or "") for slot in site.slots}
    return texts["city"], texts["postcode"], texts["insee_code"]


def _postcodes(commune: communes.Commune) -> str:
    return ", ".join(commune.postcodes[:3]) + ("…" if len(commune.postcodes) > 3 else "")


def _unique(choices: Iterable[Choice]) -> list[Choice]:
    return list({choice.value: choice for choice in choices}.values())
