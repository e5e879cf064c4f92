"""A line: its guided form, saved field by field or as a whole; duplicate, delete, settle."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from sessions_app import actions, choices, editing, fields
from sessions_app.access import editable_cart, editable_line, may_edit, visible_line
from sessions_app.forms import LineForm
from sessions_app.models import Cart, Line
from sessions_app.pages import line_story
from sessions_app.views.common import no_draft, say_saved, send_now

FIRST_GROUPS = ("offer", "customer")


@requires(SALES)
@require_http_methods(["GET", "POST"])
def new(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The first few fields of a new line; the line exists as soon as they are sent, whatever they hold."""
    cart = editable_cart(request.user, pk)
    if not cart.is_draft:
        return no_draft(request, cart)
    if request.method == "POST":
        return _create(request, cart)
    form = LineForm(Line(cart=cart), texts=editing.posted_texts(request.held_post), groups=FIRST_GROUPS)
    key = request.held_post.get("key") or uuid.uuid4()
    context = {"cart": cart, "form": form, "key": key, "choices": choices.static_lists()}
    return render(request, "sessions_app/line_new.html", context)


def _create(request: Request, cart: Cart) -> HttpResponse:
    texts = editing.posted_texts(request.POST)
    edit = editing.read_edit(Line(cart=cart), texts, {})
    try:
        line = actions.add_line(
            cart.pk, request.user, key=_key(request), values=edit.values, typed=edit.typed
        )
    except actions.NotADraft:
        return no_draft(request, cart)
    send_now(cart.pk)
    say_saved(request, cart.pk, _("The line is in the cart."))
    return redirect(line)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def line(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A line's page: its form while it can be changed, else its story."""
    if request.method == "POST":
        return _save(request, editable_line(request.user, pk))
    shown = visible_line(request.user, pk)
    if not (shown.is_editable and may_edit(request.user, shown.cart)):
        return render(request, "sessions_app/line.html", line_story(shown))
    held = editing.posted_texts(request.held_post)
    return _form_page(request, shown, texts=held)


def _save(request: Request, shown: Line) -> HttpResponse:
    texts = editing.posted_texts(request.POST)
    try:
        with transaction.atomic():
            locked = actions.lock_line(shown.pk)
            edit = editing.read_edit(locked, texts, editing.seen_texts(request.POST.get("seen", ""), locked))
            values = edit.values | _removed(request, locked)
            saved, _changes = actions.edit_line(locked.pk, request.user, values, edit.typed)
    except actions.NotADraft:
        return _too_late(request, shown, texts)
    send_now(saved.cart_id)
    saved = visible_line(request.user, saved.pk)
    if request.htmx:
        context = _context(saved, stale=edit.stale) | {"filled": edit.filled}
        return render(request, "sessions_app/line_form.html#saved", context)
    if edit.stale:
        return _form_page(
            request, saved, texts={path: texts[path] for path in edit.stale}, stale=edit.stale, status=409
        )
    say_saved(request, saved.cart_id, _("Saved."))
    return _next(request, saved)


def _next(request: Request, saved: Line) -> HttpResponse:
    if "add-site" in request.POST:
        sites = len(saved.draft.get(fields.CONTACTS) or [{}]) + 1
        return redirect(f"{saved.get_absolute_url()}?sites={sites}#site-{sites - 1}")
    return redirect(saved.cart if "to-cart" in request.POST else saved)


def _removed(request: Request, locked: Line) -> dict[str, Any]:
    index = request.POST.get("remove-site", "")
    return editing.without_site(locked, int(index)) if index.isdecimal() else {}


def _too_late(request: Request, shown: Line, texts: dict[str, str]) -> HttpResponse:
    """The line left draft meanwhile. What was typed is shown once more, since it is not stored."""
    if request.htmx:
        return render(request, "sessions_app/line_form.html#too-late", {"line": shown}, status=422)
    known = editing.texts_of(shown)
    lost = [(fields.label_of(path), text) for path, text in texts.items() if text and text != known.get(path)]
    context = line_story(visible_line(request.user, shown.pk)) | {"lost": lost}
    return render(request, "sessions_app/line.html", context, status=409)


def _form_page(
    request: Request,
    shown: Line,
    *,
    texts: dict[str, str] | None = None,
    stale: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    sites = request.GET.get("sites", "")
    context = _context(
        shown, texts=texts, stale=stale, sites=min(int(sites), editing.MOST_SITES) if sites.isdecimal() else 1
    )
    return render(request, "sessions_app/line_form.html", context, status=status)


def _context(shown: Line, **form: Any) -> dict[str, Any]:
    built = LineForm(shown, **form)
    return {
        "line": shown,
        "cart": shown.cart,
        "form": built,
        "missing": shown.missing(),
        "choices": choices.static_lists(),
        "places": choices.place_lists(built),
        "unsent": shown.unsent,
    }


@requires(SALES)
@require_http_methods(["GET", "POST"])
def delete(request: Request, pk: uuid.UUID) -> HttpResponse:
    shown = editable_line(request.user, pk)
    if request.method != "POST":
        return render(request, "sessions_app/line_delete.html", {"line": shown, "cart": shown.cart})
    try:
        actions.delete_line(shown.pk, request.user)
    except actions.NotADraft:
        return no_draft(request, shown.cart)
    send_now(shown.cart_id)
    say_saved(request, shown.cart_id, _("The line is deleted."))
    return redirect(shown.cart)


@requires(SALES)
@require_http_methods(["GET", "POST"])
def duplicate(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask whether the site goes along and into which draft, then copy once however often the button is pressed."""
    shown = visible_line(request.user, pk)
    drafts = Cart.objects.drafts().editable_by(request.user).order_by("-created_at")[:50]
    if request.method != "POST":
        context = {"line": shown, "cart": shown.cart, "drafts": drafts, "key": uuid.uuid4()}
        return render(request, "sessions_app/line_duplicate.html", context)
    into = get_object_or_404(
        Cart.objects.live().editable_by(request.user), pk=_uuid(request.POST.get("cart"))
    )
    with_site = request.POST.get("site") == "with"
    try:
        copy = actions.duplicate_line(
            shown.pk, request.user, with_site=with_site, into=into, key=_key(request)
        )
    except actions.NotADraft:
        return no_draft(request, into)
    send_now(copy.cart_id)
    say_saved(request, copy.cart_id, _("The line is copied: this is the new one."))
    return redirect(copy)


@requires(SALES)
@require_POST
def settle(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Keep ours or take theirs; the button says which and where: `ours|note`."""
    shown = editable_line(request.user, pk)
    kept, _sep, path = request.POST.get("keep", "").partition("|")
    try:
        actions.settle_conflict(shown.pk, request.user, path, ours=kept == "ours")
    except actions.NotADraft:
        return no_draft(request, shown.cart)
    send_now(shown.cart_id)
    messages.success(request, _("Settled."))
    return redirect(shown)


def _key(request: Request) -> uuid.UUID:
    """The key that a form carries so that sending it twice does one thing."""
    return _uuid(request.POST.get("key")) or uuid.uuid4()


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
