"""What the pickers offer: reference data where the account has a right to it, documented codes, communes."""

from drafts.choices import Choice, places
from sessions_app.lines.forms import LineForm, Site
from sessions_app.models import Option, Reference

OFFER_FAMILIES = ("BPE", "BPEA", "DIA")
OFFER_TECHNOLOGIES = ("FIBDE", "FON")
MOST = 500  # suggestions of one list


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
    """For each site, the communes that agree with its three fields: {"cities-0": […], …}."""
    return {
        f"{name}-{site.index}": found for site in form.sites for name, found in places(*_place(site)).items()
    }


def _references(kind: str) -> list[Choice]:
    active = Reference.objects.filter(kind=kind, active=True, gone_at=None)[:MOST]
    return [Choice(reference.code, reference.label) for reference in active]


def _place(site: Site) -> tuple[str, str, str]:
    texts = {each.declared.name: str(each.field.value() or "") for each in site.inputs}
    return texts["city"], texts["postcode"], texts["insee_code"]
