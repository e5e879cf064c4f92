"""The badge of a copper order's status, on its page, in its list and in the search."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from extranet.states import status_badge
from web.badge import Badge

if TYPE_CHECKING:
    from extranet.models import CopperOrder


def badge_of(order: "CopperOrder") -> Badge:
    """An order's status; what is known here beyond Covage's status comes first."""
    if order.gone_at:
        return Badge(_("no longer at Covage"), "bad")
    if order.is_submitting:
        return Badge(_("being submitted"), "info")
    if order.answering:
        return Badge(_("being answered"), "info")
    if order.is_ready:
        return Badge(pgettext("copper", "ready"), "good")
    return status_badge(order.status, order.type)
