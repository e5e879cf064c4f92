"""What the pages of carts and lines show, gathered once so that views stay thin and queries few."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalogue.badge import Badge
from catalogue.catalogue import as_words
from covage.moments import moment
from desk import told
from desk.told import Block, Row, Told, Words, row_of
from drafting.readiness import Missing, refusal_sentence
from drafting.settling import conflicts_of
from mirror.merge import is_blank
from mirror.models import Event, Operation
from sessions_app import fields
from sessions_app.access import may_edit
from sessions_app.actions import rejections
from sessions_app.fields import CONTACTS
from sessions_app.models import Cart, Line
from sessions_app.states import LineState, cart_badge, line_badge
from sessions_app.writes import review_digest

if TYPE_CHECKING:
    from accounts.models import User

# What a line's document holds beside the catalogue's fields, and is told elsewhere on its page.
_TOLD = {"id", "product_order_id", "state", "state_change", "termination_error"}

# Events that are the vendor's doing, whoever asked for them.
_DONE_BY_COVAGE = {"confirmed", "changed-upstream"}


@dataclass(frozen=True)
class LineCard:
    """A line in its cart."""

    line: Line
    badge: Badge
    missing: list[Missing]
    unsent: bool
    rejections: list[Missing]


def cart_page(cart: Cart, user: "User") -> dict[str, Any]:
    """Everything on a cart's page."""
    lines = list(cart.live_lines())
    for line in lines:
        line.cart = cart
    editable = cart.is_draft and may_edit(user, cart)
    operations = Operation.objects.about(cart.pk)
    return {
        "cart": cart,
        "badge": badge_of(cart),
        "cards": [_card(line) for line in lines],
        "is_editable": editable,
        "may_edit": may_edit(user, cart),
        "unsent": [fields.LINE.label_of(path) for path in cart.unsent] if cart.upstream_id else [],
        "conflicts": conflicts_of(cart),
        "owed": list(operations.unfinished().order_by("id")),
        "refusal": operations.standing_refusal(),
        "reorderable_count": cart.lines.to_reorder().count(),
        "reordered_into": Cart.objects.live().filter(lines__reorder_of__cart=cart).distinct(),
        "expires_on": min((line.expires_on for line in lines if line.expires_on), default=None),
        "expires_soon": cart.is_draft and any(line.expires_soon for line in lines),
        "history": history_of(cart),
    }


def review_page(cart: Cart) -> dict[str, Any]:
    """Exactly what confirming the cart would order, line by line, and the mark that the button sends back."""
    lines = list(cart.live_lines().filter(gone_at=None))
    for line in lines:
        line.cart = cart
    lacking = [(line, line.missing()) for line in lines]
    return {
        "cart": cart,
        "lines": [(line, list(blocks_of(line.draft))) for line in lines],
        "lacking": [(line, missing) for line, missing in lacking if missing],
        "is_ready": bool(lines) and not cart.conflicts and not any(missing for _line, missing in lacking),
        "reviewed": review_digest(cart, lines),
        "cart_blocks": [Block(_("Cart"), [row_of(field, cart.draft) for field in fields.CART_FIELDS])],
        "conflicts": conflicts_of(cart),
    }


def line_story(line: Line) -> dict[str, Any]:
    """Everything on the page of a line that can't be changed (any more, or by the reader)."""
    return {
        "line": line,
        "cart": line.cart,
        "badge": line_badge(line.state),
        "is_ordered": line.order_date is not None and line.state != LineState.REJECTED_CREATION,
        "blocks": list(blocks_of(line.draft)),
        "also_told": list(_also_told(line)),
        "states": list(_state_changes(line)),
        "rejections": rejected_because(line),
        "reordered_as": Line.objects.live().filter(reorder_of=line).first(),
        "history": history_of(line.cart, line),
    }


def badge_of(cart: Cart) -> Badge:
    """A cart's state as people read it: what we know beyond the vendor's word comes first."""
    if cart.gone_at:
        return Badge(_("gone at Covage"), "bad")
    if cart.is_confirming:
        return Badge(_("being confirmed"), "info")
    if cart.is_ready:
        return Badge(_("ready"), "good")
    return cart_badge(cart.state)


def blocks_of(draft: Mapping[str, Any]) -> Iterator[Block]:
    """A line's filled fields in the groups of its form, each site a block of its own."""
    return told.blocks_of(fields.LINE, draft, {CONTACTS: _("Site %(number)d")})


def rejected_because(line: Line) -> list[Missing]:
    """Why the vendor rejected a line, each reason at the field that it names."""
    return [
        Missing(error["path"], refusal_sentence(error), fields.LINE.label_of(error["path"]))
        for error in rejections(line)
    ]


def history_of(cart: Cart, line: Line | None = None) -> list[Told]:
    """The newest events of a cart, or of one of its lines."""
    words = Words(_verbs(), _DONE_BY_COVAGE, _change_label, _shown)
    return told.history_of(cart.pk, words, target_id=line.pk if line else None)


def _card(line: Line) -> LineCard:
    open_line = line.state in ("", "created") and not line.gone_at
    missing = line.missing() if open_line else []
    badge = Badge(_("gone at Covage"), "bad") if line.gone_at else line_badge(line.state)
    if open_line and not missing:
        badge = Badge(pgettext("line", "ready"), "good")
    unsent = not line.gone_at and (not line.upstream_id or bool(line.unsent))
    return LineCard(line, badge, missing, unsent, rejected_because(line) if line.is_rejected else [])


def _also_told(line: Line) -> Iterator[Row]:
    """What else the vendor shows of a line; what nobody knows under its own words and as it came."""
    labels = {
        "order_reference": _("Order reference"),
        "temporary_reference": _("Temporary reference"),
        "creation_date": _("Created"),
        "order_date": _("Ordered"),
        "completion_date": _("Completed"),
        "cancellation_date": _("Cancelled"),
        "cancellation_reason": _("Reason of the cancellation"),
        "expiration_date": _("Draft until"),
        "building_ref": _("Building reference"),
    }
    for name, value in line.upstream.items():
        if name not in line.catalogue.names and name not in _TOLD and not is_blank(value):
            yield Row(labels.get(name) or as_words(name), name, _as_moment(name, value))


def _as_moment(name: str, value: Any) -> str:
    found = moment(value) if name.endswith("_date") and isinstance(value, str) else None
    return date_format(timezone.localtime(found), "SHORT_DATETIME_FORMAT") if found else str(value)


def _state_changes(line: Line) -> Iterator[tuple[datetime | None, Badge, str]]:
    changes = line.upstream.get("state_change")
    for change in changes if isinstance(changes, list) else []:
        if isinstance(change, Mapping):
            reason = str(change.get("change_reason") or "")
            yield moment(change.get("change_date")), line_badge(str(change.get("state") or "")), reason


def _verbs() -> dict[str, str]:
    return {
        "created": _("opened the cart"),
        "edited": _("changed the cart"),
        "deleted": _("deleted the cart"),
        "taken": _("took the cart"),
        "line-added": _("added a line"),
        "line-edited": _("changed a line"),
        "line-duplicated": _("added a copy of a line"),
        "line-deleted": _("deleted a line"),
        "line-reordered": _("took a rejected line along"),
        "conflict-settled": _("settled a change made on both sides"),
        "confirmation-asked": _("confirmed the cart"),
        "confirmed": _("took the confirmation"),
        "reordered": _("took the rejected lines into a new cart"),
        "changed-upstream": _("told of a change"),
        "withdrawn": _("took back what was to be sent"),
    }


def _change_label(path: str) -> str:
    own = {"state": _("State"), "owner": _("Owner"), "team": _("Team")}
    return own.get(path) or fields.LINE.label_of(path)


def _shown(event: Event, path: str, value: Any) -> str:
    if path == "state":
        badge = cart_badge if event.target_id == event.subject_id else line_badge
        return badge(str(value or "")).label
    field = fields.LINE.field_at(path)
    return field.show(value) if field else str(value or "")
