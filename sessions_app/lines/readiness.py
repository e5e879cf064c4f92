"""What is still missing in a line before it can be confirmed, in the user's words, each item at its field."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from drafts.fields import Field, Need
from drafts.merge import is_blank
from drafts.readiness import Missing, in_order, wrong
from geo import communes
from sessions_app import fields
from sessions_app.fields import CONTACTS, CPE_FIELDS, CPE_OPTION


class LineFacts(NamedTuple):
    """What the rules look at: our draft, theirs as last seen, and the edition of the API."""

    draft: Mapping[str, Any]
    upstream: Mapping[str, Any]
    edition: str


Rule = Callable[[LineFacts], Iterator[Missing]]


def missing(
    draft: Mapping[str, Any],
    *,
    edition: str,
    typed: Mapping[str, str] | None = None,
    upstream: Mapping[str, Any] | None = None,
) -> list[Missing]:
    """Everything missing in a line's draft for confirmation in an edition, in the form's order, one item a path.

    `typed`: by path, what was typed and isn't a valid value.
    """
    facts = LineFacts(draft, upstream or {}, edition)
    items = [*wrong(fields.LINE, typed or {}), *(item for rule in RULES for item in rule(facts))]
    return in_order(fields.LINE, items)


def is_creatable(draft: Mapping[str, Any]) -> bool:
    """Whether the vendor would create the line: it has everything that creation requires."""
    return all(draft.get(field.name) for field in fields.LINE_FIELDS if field.need is Need.CREATION)


def expiry(expires_on: date | None, today: date) -> Missing | None:
    """What to say of a draft past its 90 days (order-taking.txt, list of order lines)."""
    if expires_on and expires_on <= today:
        return Missing(
            "", _("This draft expired: Covage keeps drafts for 90 days. Duplicate the line to order it.")
        )
    return None


def _required(facts: LineFacts) -> Iterator[Missing]:
    draft, edition = facts.draft, facts.edition
    for field in fields.line_fields(edition):
        if field.need is Need.NEVER or field.name == CONTACTS:
            continue
        if field.name == "enni" and (fields.is_dia(draft) or edition == "earlier"):
            continue
        if is_blank(draft.get(field.name)):
            yield Missing(field.name, _needed(field, edition))


def _site_contacts(facts: LineFacts) -> Iterator[Missing]:
    draft, edition = facts.draft, facts.edition
    for index, contact in enumerate(draft.get(CONTACTS) or [{}]):
        for field in fields.site_contact_fields(edition):
            value = contact.get(field.name)
            if edition == "earlier" and field.name.endswith("_name") and field.name.startswith("contact"):
                value = value or contact.get(field.name.replace("_name", "_lastname"))
            if is_blank(value) and _contact_needs(field, draft, edition):
                yield Missing(f"{CONTACTS}.{index}.{field.name}", _needed(field, edition))


def _contact_needs(field: Field, draft: Mapping[str, Any], edition: str) -> bool:
    if field.name == "siret":
        return edition == "earlier" or draft.get("siret_known") is True
    if field.name in ("latitude", "longitude"):
        return edition == "earlier"
    return field.need is Need.CONFIRMATION


def _needed(field: Field, edition: str) -> str:
    if field.name == "siret" and edition != "earlier":
        return _("Enter the SIRET, since you said it's known.")
    if field.need is Need.CREATION:
        return _("Covage needs this even for a draft.")
    return _("Covage needs this to confirm.")


def _cpe(facts: LineFacts) -> Iterator[Missing]:
    """Option 7021 and the CPE's two numbers: both, or neither (order-taking.txt, confirming)."""
    if facts.edition == "earlier":
        return
    draft = facts.draft
    chosen = CPE_OPTION in (draft.get("option_ids") or [])
    for name in CPE_FIELDS:
        if chosen and is_blank(draft.get(name)):
            yield Missing(name, _("Needed for option 7021."))
        elif not chosen and not is_blank(draft.get(name)):
            yield Missing(name, _("Only option 7021 uses this number: add the option, or clear the field."))


def _dia(facts: LineFacts) -> Iterator[Missing]:
    """A DIA offer has no ENNI but the one that the vendor worked out."""
    enni = facts.draft.get("enni")
    if fields.is_dia(facts.draft) and not is_blank(enni) and enni != facts.upstream.get("enni"):
        yield Missing(
            "enni", _("A DIA offer has no ENNI of its own: clear the field, and Covage will work it out.")
        )


def _places(facts: LineFacts) -> Iterator[Missing]:
    for path, place in places_of(facts.draft):
        if disagreement := communes.disagreement(*place):
            name, sentence = disagreement
            yield Missing(f"{path}.{name}", sentence)


def places_of(draft: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The path of each site with its city, postcode and INSEE code."""
    for index, contact in enumerate(draft.get(CONTACTS) or []):
        yield (
            f"{CONTACTS}.{index}",
            [str(contact.get(name) or "") for name in ("city", "postcode", "insee_code")],
        )


RULES: tuple[Rule, ...] = (_required, _site_contacts, _cpe, _dia, _places)
