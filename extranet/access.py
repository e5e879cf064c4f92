"""Who may see, change and answer which copper order: what nobody may see is a 404, what may only be read a 403."""

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
    return get_object_or_404(_orders(user), uuid=key)


def may_edit(user: "User", order: CopperOrder) -> bool:
    return CopperOrder.objects.editable_by(user).filter(pk=order.pk).exists()


def may_answer(user: "User", order: CopperOrder) -> bool:
    return CopperOrder.objects.answerable_by(user).filter(pk=order.pk).exists()


def editable_order(user: "User", key: uuid.UUID) -> CopperOrder:
    if order := _orders(user).editable_by(user).filter(uuid=key).first():
        return order
    visible_order(user, key)
    raise PermissionDenied(
        _("You can read this order, but only its owner, its team and administrators can change it.")
    )


def answerable_order(user: "User", key: uuid.UUID) -> CopperOrder:
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
    """The order that someone may change, if it is deleted already: a button that was pressed twice."""
    return CopperOrder.objects.editable_by(user).filter(uuid=key, deleted_at__isnull=False).first()
