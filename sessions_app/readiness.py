"""What still stands between a line and its confirmation, in the user's words, each item at the field that mends it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue import communes
from catalogue.field import Field, Need
from mirror.merge import flatten, is_blank, same
from sessions_app import fields
from sessions_app.fields import CONTACTS, CPE_FIELDS, CPE_OPTION


class Missing(NamedTuple):
    """One thing to mend: the path of the field, and a sentence."""

    path: str
    message: str

    @property
    def label(self) -> str:
        return fields.LINE.label_of(self.path)

    @property
    def anchor(self) -> str:
        """Where on the line's page it is mended."""
        return f"#id_{self.path.replace('.', '-')}" if self.path else ""


class Case(NamedTuple):
    """What the rules judge: our draft, theirs as last seen, and the edition of the API."""

    draft: Mapping[str, Any]
    upstream: Mapping[str, Any]
    edition: str


Rule = Callable[[Case], Iterator[Missing]]


def missing(
    draft: Mapping[str, Any],
    *,
    typed: Mapping[str, str] | None = None,
    upstream: Mapping[str, Any] | None = None,
    edition: str | None = None,
) -> list[Missing]:
    """All that a line's draft lacks for confirmation in an edition, first of the form first; one item a path.

    `typed`: by path, what was typed and is no valid value.
    """
    case = Case(draft, upstream or {}, edition or settings.COVAGE_EDITION)
    items = [*_wrong(typed or {}), *(item for rule in RULES for item in rule(case))]
    unique = {item.path: item for item in reversed(items)}
    return sorted(unique.values(), key=lambda item: _position(item.path))


def told(
    conflicts: Mapping[str, Any], refusals: list[dict[str, Any]], draft: Mapping[str, Any]
) -> list[Missing]:
    """What the vendor's side asks of a person: changes on both sides to settle, refused values to mend."""
    flat = flatten(draft)
    items = [Missing(path, _("Changed here and at Covage: say which one holds.")) for path in conflicts]
    for refusal in refusals:
        if refusal["path"] and same(flat.get(refusal["path"]), refusal.get("held")):
            items.append(Missing(refusal["path"], refusal_sentence(refusal)))
    return sorted(items, key=lambda item: _position(item.path))


def refusal_sentence(refusal: Mapping[str, Any]) -> str:
    """A vendor's refusal (`code`, `message`, `value`) as a sentence."""
    said = refusal.get("message") or refusal.get("code") or ""
    if refusal.get("value"):
        return _("Covage refused “%(value)s”: %(said)s") % {"value": refusal["value"], "said": said}
    return _("Covage refused this: %(said)s") % {"said": said}


def is_creatable(draft: Mapping[str, Any]) -> bool:
    """Whether the vendor would create the line: what creation requires is there."""
    return all(draft.get(field.name) for field in fields.LINE_FIELDS if field.need is Need.CREATION)


def expiry(expires_on: date | None) -> Missing | None:
    """What to say of a draft past its 90 days (order-taking.txt, list of order lines)."""
    if expires_on and expires_on <= timezone.localdate():
        return Missing(
            "", _("This draft expired: Covage keeps drafts for 90 days. Duplicate the line to order it.")
        )
    return None


def _wrong(typed: Mapping[str, str]) -> Iterator[Missing]:
    for path, text in typed.items():
        if field := fields.LINE.field_at(path):
            try:
                field.parse(text)
            except ValidationError as error:
                yield Missing(path, error.messages[0])


def _required(case: Case) -> Iterator[Missing]:
    draft, edition = case.draft, case.edition
    for field in fields.line_fields(edition):
        if field.need is Need.NEVER or field.name == CONTACTS:
            continue
        if field.name == "enni" and (fields.is_dia(draft) or edition == "earlier"):
            continue
        if is_blank(draft.get(field.name)):
            yield Missing(field.name, _needed(field, edition))


def _site_contacts(case: Case) -> Iterator[Missing]:
    draft, edition = case.draft, case.edition
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
        return _("Give the SIRET, since you say that it is known.")
    if field.need is Need.CREATION:
        return _("Covage needs this even to keep a draft.")
    return _("Covage needs this to confirm.")


def _cpe(case: Case) -> Iterator[Missing]:
    """Option 7021 and the CPE's two numbers: both, or neither (order-taking.txt, confirming)."""
    if case.edition == "earlier":
        return
    draft = case.draft
    chosen = CPE_OPTION in (draft.get("option_ids") or [])
    for name in CPE_FIELDS:
        if chosen and is_blank(draft.get(name)):
            yield Missing(name, _("Option 7021 asks for this number."))
        elif not chosen and not is_blank(draft.get(name)):
            yield Missing(name, _("Only option 7021 takes this number: add the option, or empty the field."))


def _dia(case: Case) -> Iterator[Missing]:
    """A DIA offer takes no ENNI but the one that the vendor worked out itself."""
    enni = case.draft.get("enni")
    if fields.is_dia(case.draft) and not is_blank(enni) and enni != case.upstream.get("enni"):
        yield Missing("enni", _("A DIA offer takes no ENNI: empty the field, Covage works it out."))


def _places(case: Case) -> Iterator[Missing]:
    for index, contact in enumerate(case.draft.get(CONTACTS) or []):
        place = [str(contact.get(name) or "") for name in ("city", "postcode", "insee_code")]
        if disagreement := communes.disagreement(*place):
            name, sentence = disagreement
            yield Missing(f"{CONTACTS}.{index}.{name}", sentence)


RULES: tuple[Rule, ...] = (_required, _site_contacts, _cpe, _dia, _places)


def _position(path: str) -> tuple[int, ...]:
    """Where a path stands in the form, to sort by."""
    name, _sep, rest = path.partition(".")
    names = [field.name for field in fields.LINE_FIELDS]
    outer = names.index(name) if name in names else len(names)
    if not rest:
        return (outer, 0, 0)
    index, _sep, leaf = rest.partition(".")
    inner = [field.name for field in fields.SITE_CONTACT_FIELDS]
    return (outer, int(index) if index.isdigit() else 0, inner.index(leaf) if leaf in inner else len(inner))
