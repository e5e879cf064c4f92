"""What the review before confirming shows."""

from typing import Any

from django.utils.translation import gettext as _

from drafts.pages import conflicts_of
from drafts.values import Block, row_of
from sessions_app import fields
from sessions_app.confirmation.operations import review_digest
from sessions_app.lines.pages import blocks_of
from sessions_app.models import Cart


def review_page(cart: Cart) -> dict[str, Any]:
    """Exactly what confirming the cart would order, line by line, and the digest that the button sends back."""
    lines = list(cart.live_lines().filter(gone_at=None))
    for line in lines:
        line.cart = cart
    checked = [(line, line.missing()) for line in lines]
    return {
        "cart": cart,
        "lines": [(line, list(blocks_of(line.draft))) for line in lines],
        "lacking": [(line, missing) for line, missing in checked if missing],
        "is_ready": bool(lines) and not cart.conflicts and not any(missing for _line, missing in checked),
        "reviewed": review_digest(cart, lines),
        "cart_blocks": [Block(_("Cart"), [row_of(field, cart.draft) for field in fields.CART_FIELDS])],
        "conflicts": conflicts_of(cart),
    }
