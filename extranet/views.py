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


def read_anew(request: AuthenticatedHttpRequest, shown: CopperOrder) -> CopperOrder:
    """The order as Covage shows it now, where they can be asked."""
    return visible_order(request.user, shown.uuid) if tasks.refresh(shown) else shown


def read_lately(request: AuthenticatedHttpRequest, shown: CopperOrder) -> CopperOrder:
    """The order as Covage showed it a moment ago: whoever decides about it should see it so."""
    return read_anew(request, shown) if is_older(shown.checked_at, NEW_ENOUGH) else shown


def of_ours(shown: CopperOrder) -> CopperOrder:
    """The order, unless it is one of Covage's own. Raises PermissionDenied."""
    if shown.is_enni:
        raise PermissionDenied(
            _("Covage orders and manages its own collection doors; you can only view them here.")
        )
    return shown


def no_draft(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """The answer to a change of what can't be changed any more."""
    messages.error(
        request,
        _(
            "This order is no longer a draft: it was submitted, deleted or no longer exists at Covage. "
            "Nothing was changed."
        ),
    )
    there = CopperOrder.objects.live().filter(uuid=key).first()
    return redirect(there or "extranet:orders")
