"""The review of a cart, its confirmation, its progress at the vendor, and carrying its rejected lines over."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from drafts.actions import NotADraft, NotReady, ReviewedOtherwise
from outbox.interactive import send_now
from sessions_app.access import editable_cart, visible_cart
from sessions_app.carts.pages import cart_page
from sessions_app.confirmation import actions
from sessions_app.confirmation.pages import review_page
from sessions_app.views import followed_cart, no_draft


@requires(SALES)
@require_http_methods(["GET", "POST"])
def confirm(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show exactly what will be ordered; order it when the button below it is pressed."""
    shown = editable_cart(request.user, pk)
    if request.method == "POST":
        return _confirm(request, pk)
    if not shown.is_draft:
        return redirect(shown)
    return render(request, "sessions_app/confirmation/confirm.html", review_page(shown))


def _confirm(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    try:
        cart = actions.confirm_cart(pk, request.user, request.POST.get("reviewed", ""))
    except ReviewedOtherwise:
        return _review_again(
            request, pk, _("The cart changed while you were viewing it. This is how it stands now.")
        )
    except NotReady:
        return _review_again(request, pk, _("Something is still missing. Nothing was ordered."))
    except NotADraft:
        return no_draft(request, visible_cart(request.user, pk))
    send_now(cart.pk)
    cart = visible_cart(request.user, pk)
    if cart.is_confirming:
        messages.info(
            request,
            _("Your confirmation is saved here and will go to Covage, once only, as soon as they respond."),
        )
    elif cart.is_draft:
        messages.error(
            request,
            _("Covage didn't accept the confirmation. Nothing was ordered; see below what to correct."),
        )
    else:
        messages.success(request, _("Confirmed. Covage is now turning the lines into orders."))
    return redirect(cart)


def _review_again(request: AuthenticatedHttpRequest, pk: uuid.UUID, message: str) -> HttpResponse:
    messages.warning(request, message)
    return render(
        request,
        "sessions_app/confirmation/confirm.html",
        review_page(visible_cart(request.user, pk)),
        status=409,
    )


@requires(SALES, BACK_OFFICE)
@require_GET
def progress(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The live part of a cart's page, requested every few seconds while the vendor is working on it."""
    shown = followed_cart(request, pk)
    return render(request, "sessions_app/carts/cart.html#live", cart_page(shown, request.user))


@requires(SALES)
@require_POST
def reorder(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Carry the rejected lines over into a new cart, each once."""
    shown = editable_cart(request.user, pk)
    again = actions.reorder_rejected(shown.pk, request.user)
    if again is None:
        messages.info(
            request, _("The rejected lines of this cart have already been carried over into another one.")
        )
        return redirect(shown)
    send_now(again.pk)
    messages.success(
        request, _("This new cart holds the rejected lines: correct what Covage refused, then confirm it.")
    )
    return redirect(again)
