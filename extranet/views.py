"""What the pages of one copper order share."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedHttpRequest
from extranet import tasks
from extranet.access import visible_order
from extranet.models import CopperOrder
from web.page_freshness import NEW_ENOUGH, is_older


def refreshed(request: AuthenticatedHttpRequest, shown: CopperOrder) -> CopperOrder:
    """The order as Covage shows it now, if they can be reached. Raises Http404."""
    return visible_order(request.user, shown.uuid) if tasks.refresh(shown) else shown


def refreshed_if_old(request: AuthenticatedHttpRequest, shown: CopperOrder) -> CopperOrder:
    """The order as Covage showed it a moment ago at most, for somebody who decides about it. Raises Http404."""
    return refreshed(request, shown) if is_older(shown.checked_at, NEW_ENOUGH) else shown


def require_access_line(shown: CopperOrder) -> CopperOrder:
    """The order, unless it is one of Covage's own collection doors. Raises PermissionDenied."""
    if shown.is_enni:
        raise PermissionDenied(
            _("Covage orders and manages its own collection doors; you can only view them here.")
        )
    return shown


def not_a_draft(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """The response to a change of an order that is no longer a draft."""
    messages.error(
        request,
        _(
            "This order is no longer a draft: it was submitted, deleted or no longer exists at Covage. "
            "Nothing was changed."
        ),
    )
    there = CopperOrder.objects.live().filter(uuid=key).first()
    return redirect(there or "extranet:orders")
