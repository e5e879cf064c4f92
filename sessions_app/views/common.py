"""What the pages of carts and lines share."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import Request
from mirror.models import Operation
from sessions_app import tasks
from sessions_app.access import visible_cart
from sessions_app.models import Cart


def followed_cart(request: Request, pk: uuid.UUID) -> Cart:
    """The cart, read at Covage a moment ago if they are at work on it and can be asked."""
    shown = visible_cart(request.user, pk)
    if not (shown.is_settling and shown.upstream_id and tasks.look_after(shown, hasty=True)):
        return shown
    return visible_cart(request.user, pk)


def say_saved(request: Request, cart_id: uuid.UUID, saved: str) -> None:
    """Tell that something is saved, and, where that is so, that Covage hasn't got it or wouldn't have it."""
    newest = Operation.objects.filter(subject_id=cart_id).order_by("-id").first()
    if newest and newest.state == Operation.State.REFUSED and not newest.dismissed:
        messages.warning(request, saved + " " + _("Covage refused it: see what is said at the fields."))
    elif Operation.objects.unfinished().filter(subject_id=cart_id).exists():
        messages.info(request, saved + " " + _("It is kept here and goes to Covage as soon as they answer."))
    else:
        messages.success(request, saved)


def no_draft(request: Request, cart: Cart) -> HttpResponse:
    """The answer to a change of what can't be changed any more."""
    messages.error(
        request,
        _(
            "This cart is no draft any more: it was confirmed, deleted or is gone at Covage. "
            "Nothing was changed."
        ),
    )
    return redirect(cart if Cart.objects.live().filter(pk=cart.pk).exists() else "sessions_app:carts")


def is_ours_to_keep(kept: str) -> bool:
    """Which side of a conflict a button keeps. Raises BadRequest when it says neither."""
    if kept not in ("ours", "theirs"):
        raise BadRequest("Neither side was chosen.")
    return kept == "ours"
