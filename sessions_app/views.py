"""What the pages of carts and lines share."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedHttpRequest
from sessions_app import tasks
from sessions_app.access import visible_cart
from sessions_app.models import Cart


def followed_cart(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> Cart:
    """The cart, read again from Covage if they are working on it and can be reached."""
    shown = visible_cart(request.user, pk)
    if not (shown.is_settling and shown.upstream_id and tasks.refresh(shown, interactive=True)):
        return shown
    return visible_cart(request.user, pk)


def no_draft(request: AuthenticatedHttpRequest, cart: Cart) -> HttpResponse:
    """The response to a change of a cart that can't be changed any more."""
    messages.error(
        request,
        _(
            "This cart is no longer a draft: it was confirmed, deleted or no longer exists at Covage. "
            "Nothing was changed."
        ),
    )
    return redirect(cart if Cart.objects.live().filter(pk=cart.pk).exists() else "sessions_app:carts")
