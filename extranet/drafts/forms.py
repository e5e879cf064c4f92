"""A copper order's form: what its product and activation type call for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from drafts.choices import Choice
from drafts.editing import Texts
from drafts.fields import Field
from drafts.forms import DraftForm, Item
from drafts.merge import at, name_of
from extranet.codes import option_words
from extranet.drafts import choices, readiness
from extranet.drafts.applicability import called_for, choices_in
from extranet.fields import CONTACT, DOOR, ENDPOINTS, ORDER, SERVICE
from extranet.models import CopperOrder

# What an order is begun with; all else follows from it, or can wait.
FIRST = ("product.code", "activation_type", "owner.name", "operator_order_name")


class OrderForm(DraftForm):
    """The fields that an order calls for, and those of which something is to be said, in their sections."""

    def __init__(
        self,
        order: CopperOrder,
        *,
        texts: Texts | None = None,
        stale: Texts | None = None,
        lines: int = 1,
    ) -> None:
        self.order = order
        people = choices.contacts()
        super().__init__(
            order,
            texts=texts,
            stale=stale,
            items={ENDPOINTS: lines},
            fields=_as_asked(order, shown_fields(order), people),
            hints=dict(_hints(order, people)),
        )

    @property
    def lines(self) -> list[Item]:
        """The lines to be activated."""
        return self.items(ENDPOINTS)


def first_form(texts: Texts) -> DraftForm:
    """The first few fields of an order that doesn't exist yet."""
    declared = [field for field in ORDER.fields if field.name in FIRST]
    return DraftForm(CopperOrder(), texts=texts, fields=declared)


def shown_fields(order: CopperOrder) -> list[Field]:
    """What an order's form shows: nothing that holds a value, or of which something is said, is hidden."""
    said = {*order.typed, *order.conflicts, *(refusal["path"] for refusal in order.refusals)}
    if order.wants_a_service:
        said.add(SERVICE[0])
    product = order.product_known
    declared = called_for(order.draft, product, {name_of(path) for path in said})
    return [_with_its_values(field, product) for field in declared]


def _with_its_values(declared: Field, product: Mapping[str, Any]) -> Field:
    """An option to choose in words where the product names its values; else it is typed."""
    if declared.suggests not in choices.DOCUMENTED:
        return declared
    values = choices_in(product, declared.suggests)
    offered = tuple((value, option_words(value)) for value in values)
    return replace(declared, choices=offered, suggests="") if offered else declared


def _as_asked(order: CopperOrder, declared: list[Field], people: list[Choice]) -> Iterator[Field]:
    """The fields, each needed as this very order needs it, and the contact chosen by name among all that are known.

    Where they are too many for that, or none, it is typed.
    """
    product = order.product_known
    for field in declared:
        asked = replace(field, need=readiness.need_of(field, order.draft, product))
        if field.name == CONTACT and 0 < len(people) <= choices.MOST:
            asked = replace(asked, choices=tuple(people), suggests="", reads=str)
        yield asked


def _hints(order: CopperOrder, people: list[Choice]) -> Iterator[tuple[str, str]]:
    """What else is said at a path: what stands behind a code, and what holds where nothing is chosen."""
    product = order.product_known
    known = (product.get("name"), product.get("description"))
    if named := " · ".join(str(part) for part in known if part):
        yield "product.code", named
    if door := order.draft.get(DOOR):
        yield DOOR, _hint_of_door(str(door))
    if len(people) > choices.MOST:
        yield CONTACT, _hint_of_contact(str(order.draft.get(CONTACT) or ""))
    for field in ORDER.fields:
        option = field.name.split(".")[1] if field.suggests in choices.DOCUMENTED else ""
        if default := _default_of(order.raw, option) or _default_of(product, option):
            yield field.name, _("Default: %(value)s.") % {"value": option_words(default)}


def _hint_of_door(reference: str) -> str:
    """What is known of the ENNI service that an order names: Covage may take a wrong one without a word."""
    known = dict(choices.doors())
    if known and reference not in known:
        return _("None of your ENNI services has this reference: check it before you submit.")
    return str(known.get(reference, ""))


def _hint_of_contact(contact_uuid: str) -> str:
    """Who stands behind an identifier that was typed, or how to find one."""
    how = _("Type part of the name, then choose one of the suggestions.")
    return choices.contact_named(contact_uuid) or how


def _default_of(document: Mapping[str, Any], option: str) -> str:
    """The value that holds where an option isn't chosen, as an order or a product tells it."""
    found = at(document, f"options.{option}")
    return str(found.get("default_value") or "") if isinstance(found, Mapping) else ""
