"""Who may see, change and answer which copper order: a 404 if it may not be seen, a 403 if only read."""

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from extranet.models import CopperOrder
from extranet.querysets import CopperOrderQuerySet

if TYPE_CHECKING:
    from accounts.models import User


def visible_order(user: "User", key: uuid.UUID) -> CopperOrder:
    """The order, if the user may see it. Raises Http404."""
    return get_object_or_404(_orders(user), uuid=key)


def may_edit(user: "User", order: CopperOrder) -> bool:
    return CopperOrder.objects.editable_by(user).filter(pk=order.pk).exists()


def may_answer(user: "User", order: CopperOrder) -> bool:
    return CopperOrder.objects.answerable_by(user).filter(pk=order.pk).exists()


def editable_order(user: "User", key: uuid.UUID) -> CopperOrder:
    """The order, if the user may change it. Raises Http404, PermissionDenied."""
    if order := _orders(user).editable_by(user).filter(uuid=key).first():
        return order
    visible_order(user, key)
    raise PermissionDenied(
        _("You can read this order, but only its owner, its team and administrators can change it.")
    )


def answerable_order(user: "User", key: uuid.UUID) -> CopperOrder:
    """The order, if the user may answer Covage about it. Raises Http404, PermissionDenied."""
    order = visible_order(user, key)
    if not may_answer(user, order):
        raise PermissionDenied(
            _(
                "You can read this order, but only its owner, its team and the back office can answer "
                "Covage about it."
            )
        )
    return order


def _orders(user: "User") -> CopperOrderQuerySet:
    return CopperOrder.objects.live().visible_to(user).select_related("owner", "team")


def deleted_order(user: "User", key: uuid.UUID) -> CopperOrder | None:
    """The order, if the user may change it and it is already deleted: the button was pressed twice."""
    return CopperOrder.objects.editable_by(user).filter(uuid=key, deleted_at__isnull=False).first()
