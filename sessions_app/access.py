"""Who may see and change which cart or line: one that isn't visible is a 404, one that is read-only a 403."""

import uuid
from typing import TYPE_CHECKING, NoReturn

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sessions_app.models import Cart, Line
from sessions_app.querysets import CartQuerySet, LineQuerySet

if TYPE_CHECKING:
    from accounts.models import User


def visible_cart(user: "User", pk: uuid.UUID) -> Cart:
    """The cart, if the user may see it. Raises Http404."""
    return get_object_or_404(_carts(user), pk=pk)


def visible_line(user: "User", pk: uuid.UUID) -> Line:
    """The line, if the user may see it. Raises Http404."""
    return get_object_or_404(_lines(user), pk=pk)


def may_edit(user: "User", cart: Cart) -> bool:
    return Cart.objects.editable_by(user).filter(pk=cart.pk).exists()


def is_visible(user: "User", cart: Cart) -> bool:
    return Cart.objects.live().visible_to(user).filter(pk=cart.pk).exists()


def deleted_cart(user: "User", pk: uuid.UUID) -> Cart | None:
    """The cart, if the user may change it and it is already deleted: the button was pressed twice."""
    return Cart.objects.editable_by(user).filter(pk=pk, deleted_at__isnull=False).first()


def deleted_line(user: "User", pk: uuid.UUID) -> Line | None:
    """The line, if the user may change it and it is already deleted."""
    lines = Line.objects.editable_by(user).filter(pk=pk, deleted_at__isnull=False)
    return lines.select_related("cart").first()


def editable_cart(user: "User", pk: uuid.UUID) -> Cart:
    """The cart, if the user may change it. Raises Http404, PermissionDenied."""
    return _carts(user).editable_by(user).filter(pk=pk).first() or _read_only(visible_cart(user, pk))


def editable_line(user: "User", pk: uuid.UUID) -> Line:
    """The line, if the user may change it. Raises Http404, PermissionDenied."""
    return _lines(user).editable_by(user).filter(pk=pk).first() or _read_only(visible_line(user, pk))


def _carts(user: "User") -> CartQuerySet:
    return Cart.objects.live().visible_to(user).select_related("owner", "team", "confirmed_by")


def _lines(user: "User") -> LineQuerySet:
    lines = Line.objects.live().visible_to(user)
    return lines.select_related("cart__owner", "cart__team", "reorder_of__cart")


def _read_only(row: Cart | Line) -> NoReturn:
    raise PermissionDenied(
        _("You can read this cart, but only its owner, its team and administrators can change it.")
    )
