"""The values of a copper order on its page: in the groups of the form, and what no field names."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from drafts import values
from drafts.merge import at, is_blank
from drafts.values import Block, ValueRow, mail_link, phone_link
from extranet.fields import CONTACT, ENDPOINTS, FIELDS, GROUPS, ORDER
from extranet.models import DATES, CopperOrder
from extranet.orders.activity import show

# What is in no form but in the vendor's documents: path, label, the group under which it is shown.
_SHOWN_BESIDE = (
    ("product.name", gettext_lazy("Name of the product"), "product"),
    ("product.description", gettext_lazy("Description of the product"), "product"),
    ("product.line.name", gettext_lazy("Product line"), "product"),
    ("product.line.family.name", gettext_lazy("Product family"), "product"),
    ("pop.code", gettext_lazy("POP"), "network"),
    ("pop.housing", gettext_lazy("Housing"), "network"),
    ("pop.address", gettext_lazy("Address of the POP"), "network"),
    ("pop.interface", gettext_lazy("Interface"), "network"),
    ("origin", gettext_lazy("Origin"), "references"),
    ("order_uuid", gettext_lazy("Covage identifier"), "references"),
)
# Shown in the head of the page or the timeline, or by the name beside it.
_SHOWN_ELSEWHERE = frozenset(
    {
        "model",
        "alias",
        "status",
        "product.line.code",
        "product.line.description",
        "product.line.family.code",
        "product.line.family.description",
        *DATES,
    }
)
_KNOWN = _SHOWN_ELSEWHERE | {path for path, _label, _group in _SHOWN_BESIDE}
_LEADING = frozenset(
    ".".join(path.split(".")[:depth])
    for path in [*_KNOWN, *(field.name for field in FIELDS)]
    for depth in range(1, path.count(".") + 1)
)


def blocks_of(order: CopperOrder, document: Mapping[str, Any]) -> list[Block]:
    """An order's document, by our field names, in the groups of its form, with what else Covage shows in each."""
    blocks = [
        Block(block.title, [_as_read(row, document) for row in block.rows])
        for block in values.blocks_of(ORDER, document, {ENDPOINTS: _("Line %(number)s")})
    ]
    beside = {**order.raw, "product": order.raw_product}
    for group, title in GROUPS.items():
        if rows := list(_rows_beside(beside, group)):
            block = next((block for block in blocks if block.title == title), None)
            if block is None:
                blocks.append(block := Block(title, []))
            block.rows.extend(rows)
    return sorted(blocks, key=_place)


def _place(block: Block) -> int:
    """The place of a block among the groups; each line's block is placed with the group of lines."""
    titles = list(GROUPS.values())
    return titles.index(block.title if block.title in titles else GROUPS["line"])


def undeclared(order: CopperOrder) -> list[ValueRow]:
    """What Covage shows and no field of ours names, as it came."""
    return list(values.undeclared(order.raw, _is_known))


def never_sent(order: CopperOrder) -> list[tuple[str, str]]:
    """What was typed here and never reached Covage, of an order that is no longer a draft: label and text."""
    ours = order.flat_draft
    paths = sorted({*order.unsent, *order.conflicts}, key=ORDER.position)
    kept = {path: show(path, ours.get(path)) or _("cleared") for path in paths} | order.typed
    return [(ORDER.label_of(path), text) for path, text in kept.items()]


def _is_known(path: str) -> bool:
    return path in _KNOWN or path in _LEADING or ORDER.field_at(path) is not None


def _rows_beside(document: Mapping[str, Any], group: str) -> Iterator[ValueRow]:
    for path, label, within in _SHOWN_BESIDE:
        value = at(document, path)
        if within == group and not is_blank(value):
            yield ValueRow(label, path, show(path, value))


def _as_read(row: ValueRow, document: Mapping[str, Any]) -> ValueRow:
    if row.name == CONTACT:
        return replace(row, value=show(CONTACT, document[CONTACT]))
    if row.name.endswith("phone_number"):
        return replace(row, value=phone_link(row.value))
    return replace(row, value=mail_link(row.value)) if row.name.endswith(".email") else row
