"""The list of carts, and one cart: create, show, edit, delete, take over, send again, settle a conflict."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from drafts.actions import NotADraft
from drafts.pages import is_ours_to_keep, say_saved
from lists.pages import render_list
from outbox.interactive import send_now
from sessions_app.access import deleted_cart, editable_cart, is_visible
from sessions_app.carts import actions
from sessions_app.carts.forms import CartForm
from sessions_app.carts.list_page import CARTS
from sessions_app.carts.pages import cart_page
from sessions_app.lines import choices
from sessions_app.models import Cart
from sessions_app.views import followed_cart, no_draft
from web.idempotency import idempotency_key


@requires(SALES, BACK_OFFICE)
@require_GET
def carts(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    visible = Cart.objects.live().visible_to(request.user).select_related("owner", "team")
    return render_list(request, CARTS, visible, {"may_order": request.user.has_role(SALES)})


@requires(SALES)
@require_http_methods(["GET", "POST"])
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    key = idempotency_key(request)
    form = CartForm(request.POST or request.preserved_post or None, user=request.user, key=key)
    if request.method == "POST" and form.is_valid():
        cart = actions.create_cart(request.user, form.values, team=form.cleaned_data["team"], key=key)
        send_now(cart.pk)
        say_saved(request, cart.pk, _("Cart created."))
        return redirect(cart)
    context = {"form": form, "choices": choices.static_lists()}
    return render(request, "sessions_app/carts/form.html", context, status=422 if form.errors else 200)


@requires(SALES, BACK_OFFICE)
@require_GET
def cart(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = followed_cart(request, pk)
    return render(request, "sessions_app/carts/cart.html", cart_page(shown, request.user))


@requires(SALES)
@require_http_methods(["GET", "POST"])
def edit(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = editable_cart(request.user, pk)
    initial = {
        "external_id": shown.external_id,
        "project_id": shown.project_id,
        "team": shown.team_id,
        "owner": shown.owner_id,
    }
    data = request.POST or request.preserved_post or None
    form = CartForm(data, user=request.user, cart=shown, initial=initial)
    if request.method == "POST" and form.is_valid():
        owner, team = form.cleaned_data["owner"] or shown.owner, form.cleaned_data["team"]
        try:
            actions.edit_cart(shown.pk, request.user, form.values, owner=owner, team=team)
        except NotADraft:
            return no_draft(request, shown)
        send_now(shown.pk)
        say_saved(request, shown.pk, _("Saved."))
        return redirect(shown if is_visible(request.user, shown) else "sessions_app:carts")
    context = {"form": form, "cart": shown, "choices": choices.static_lists()}
    return render(request, "sessions_app/carts/form.html", context, status=422 if form.errors else 200)


@requires(SALES)
@require_http_methods(["GET", "POST"])
def delete(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    try:
        shown = editable_cart(request.user, pk)
    except Http404:
        if request.method == "POST" and deleted_cart(request.user, pk):
            return _deleted(request, pk)
        raise
    if not shown.is_draft:
        return no_draft(request, shown)
    if request.method != "POST":
        context = {"cart": shown, "line_count": shown.live_lines().count()}
        return render(request, "sessions_app/carts/delete.html", context)
    try:
        actions.delete_cart(shown.pk, request.user)
    except NotADraft:
        return no_draft(request, shown)
    send_now(shown.pk)
    return _deleted(request, shown.pk)


def _deleted(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    say_saved(request, pk, _("Cart deleted."))
    return redirect("sessions_app:carts")


@requires(SALES)
@require_POST
def take_over(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    taken = actions.take_cart(editable_cart(request.user, pk).pk, request.user)
    if taken.owner == request.user:
        messages.success(request, _("This cart is now yours."))
    else:
        messages.warning(request, _("%(owner)s has already taken this cart.") % {"owner": taken.owner})
    return redirect(taken)


@requires(SALES)
@require_POST
def send(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send again what Covage hasn't received."""
    shown = editable_cart(request.user, pk)
    try:
        actions.send_again(shown.pk, request.user)
    except NotADraft:
        return no_draft(request, shown)
    send_now(shown.pk)
    say_saved(request, shown.pk, _("Sent."))
    return redirect(shown)


@requires(SALES)
@require_POST
def settle(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = editable_cart(request.user, pk)
    path, ours = request.POST.get("path", ""), is_ours_to_keep(request.POST.get("keep", ""))
    try:
        actions.settle_cart_conflict(shown.pk, request.user, path, ours=ours)
    except NotADraft:
        return no_draft(request, shown)
    send_now(shown.pk)
    messages.success(request, _("Your choice is saved."))
    return redirect(shown)
