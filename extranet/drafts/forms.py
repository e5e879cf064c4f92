"""A copper order's form: the fields that apply to its product and activation type."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from drafts.choices import Choice
from drafts.editing import Texts
from drafts.fields import Field
from drafts.forms import DraftForm, Item
from drafts.merge import at, name_of
from extranet.drafts import choices, readiness
from extranet.drafts.applicability import applicable_fields, choices_in
from extranet.fields import CONTACT, DOOR, ENDPOINTS, ORDER, SERVICE
from extranet.formats import option_words
from extranet.models import CopperOrder
from geo import communes

# The fields of a new order; all others depend on them, or can wait.
FIRST = ("product.code", "activation_type", "owner.name", "operator_order_name")


class OrderForm(DraftForm):
    """The fields that apply to an order, and those with a message, in their sections."""

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
            fields=_fields_for(order, shown_fields(order), people),
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
    """The fields of an order's form: none that has a value or a message is hidden."""
    mentioned = {*order.typed, *order.conflicts, *(refusal["path"] for refusal in order.refusals)}
    if order.wants_a_service:
        mentioned.add(SERVICE[0])
    product = order.product_known
    declared = applicable_fields(order.draft, product, {name_of(path) for path in mentioned})
    return [_with_choices(field, product) for field in declared]


def _with_choices(declared: Field, product: Mapping[str, Any]) -> Field:
    """An option with its values to choose from if the product lists them; else it is typed."""
    if declared.suggests not in choices.DOCUMENTED:
        return declared
    values = choices_in(product, declared.suggests)
    offered = tuple((value, option_words(value)) for value in values)
    return replace(declared, choices=offered, suggests="") if offered else declared


def _fields_for(order: CopperOrder, declared: list[Field], people: list[Choice]) -> Iterator[Field]:
    """The fields, each with this order's need for it, and the contact as a choice among all that are known.

    If there are too many contacts for that, or none, it is typed.
    """
    product = order.product_known
    for field in declared:
        needed = replace(field, need=readiness.need_of(field, order.draft, product))
        if field.name == CONTACT and 0 < len(people) <= choices.MOST:
            needed = replace(needed, choices=tuple(people), suggests="", reads=str)
        yield needed


def _hints(order: CopperOrder, people: list[Choice]) -> Iterator[tuple[str, str]]:
    """Hints, by path: what a code stands for, and the default if nothing is chosen."""
    product = order.product_known
    known = (product.get("name"), product.get("description"))
    if named := " · ".join(str(part) for part in known if part):
        yield "product.code", named
    if door := order.draft.get(DOOR):
        yield DOOR, _hint_of_door(str(door))
    if len(people) > choices.MOST:
        yield CONTACT, _hint_of_contact(str(order.draft.get(CONTACT) or ""))
    city, code = (str(order.draft.get(f"address.{name}") or "") for name in ("city", "insee_code"))
    yield "address.city", communes.remark(city, "", code)
    for field in ORDER.fields:
        option = field.name.split(".")[1] if field.suggests in choices.DOCUMENTED else ""
        if default := _default_of(order.raw, option) or _default_of(product, option):
            yield field.name, _("Default: %(value)s.") % {"value": option_words(default)}


def _hint_of_door(reference: str) -> str:
    """What is known of the ENNI service that an order names: Covage may accept a wrong one silently."""
    known = dict(choices.doors())
    if known and reference not in known:
        return _("None of your ENNI services has this reference: check it before you submit.")
    return str(known.get(reference, ""))


def _hint_of_contact(contact_uuid: str) -> str:
    """The contact with a typed identifier, or how to find one."""
    how = _("Type part of the name, then choose one of the suggestions.")
    return choices.contact_named(contact_uuid) or how


def _default_of(document: Mapping[str, Any], option: str) -> str:
    """The default value of an option in an order's or a product's document; "" if it has none."""
    found = at(document, f"options.{option}")
    return str(found.get("default_value") or "") if isinstance(found, Mapping) else ""
