"""Who may see and change which cart or line: what nobody may see is a 404, what may only be read a 403."""

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sessions_app.models import Cart, Line

if TYPE_CHECKING:
    from accounts.models import User


def visible_cart(user: "User", pk: uuid.UUID) -> Cart:
    return get_object_or_404(
        Cart.objects.live().visible_to(user).select_related("owner", "team", "confirmed_by"), pk=pk
    )


def visible_line(user: "User", pk: uuid.UUID) -> Line:
    lines = Line.objects.live().visible_to(user)
    return get_object_or_404(lines.select_related("cart__owner", "cart__team", "reorder_of__cart"), pk=pk)


def may_edit(user: "User", cart: Cart) -> bool:
    return Cart.objects.editable_by(user).filter(pk=cart.pk).exists()


def is_visible(user: "User", cart: Cart) -> bool:
    return Cart.objects.live().visible_to(user).filter(pk=cart.pk).exists()


def deleted_cart(user: "User", pk: uuid.UUID) -> Cart | None:
    """The cart that someone may change, if it is deleted already: a button that was pressed twice."""
    return Cart.objects.editable_by(user).filter(pk=pk, deleted_at__isnull=False).first()


def deleted_line(user: "User", pk: uuid.UUID) -> Line | None:
    """The same for a line."""
    lines = Line.objects.editable_by(user).filter(pk=pk, deleted_at__isnull=False)
    return lines.select_related("cart").first()


def editable_cart(user: "User", pk: uuid.UUID) -> Cart:
    cart = visible_cart(user, pk)
    _require(may_edit(user, cart))
    return cart


def editable_line(user: "User", pk: uuid.UUID) -> Line:
    line = visible_line(user, pk)
    _require(may_edit(user, line.cart))
    return line


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(
            _("You can read this cart, but only its owner, its team and administrators change it.")
        )
