"""What a cart's page shows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from drafts.pages import conflicts_of
from drafts.readiness import Missing
from outbox.models import Operation
from sessions_app import fields
from sessions_app.access import may_edit
from sessions_app.activity import history_of
from sessions_app.lines.pages import rejected_because
from sessions_app.models import Cart, Line
from sessions_app.querysets import DRAFTS
from sessions_app.states import cart_badge, line_badge
from web.badge import Badge

if TYPE_CHECKING:
    from accounts.models import User


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
        "pending": list(operations.unfinished().order_by("id")),
        "refusal": operations.standing_refusal(),
        "reorderable_count": cart.lines.to_reorder().count(),
        "reordered_into": Cart.objects.live().filter(lines__reorder_of__cart=cart).distinct(),
        "expires_on": min((line.expires_on for line in lines if line.expires_on), default=None),
        "expires_soon": cart.is_draft and any(line.expires_soon for line in lines),
        "history": history_of(cart),
    }


def badge_of(cart: Cart) -> Badge:
    """A cart's state as people read it: what we know beyond the vendor's word comes first."""
    if cart.gone_at:
        return Badge(_("no longer at Covage"), "bad")
    if cart.is_confirming:
        return Badge(_("being confirmed"), "info")
    if cart.is_ready:
        return Badge(_("ready"), "good")
    return cart_badge(cart.state)


def _card(line: Line) -> LineCard:
    open_line = line.state in DRAFTS and not line.gone_at
    missing = line.missing() if open_line else []
    badge = Badge(_("no longer at Covage"), "bad") if line.gone_at else line_badge(line.state)
    if open_line and not missing:
        badge = Badge(pgettext("line", "ready"), "good")
    unsent = not line.gone_at and (not line.upstream_id or bool(line.unsent))
    return LineCard(line, badge, missing, unsent, rejected_because(line) if line.is_rejected else [])
