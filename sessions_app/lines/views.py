"""The list of lines, and one line: its guided form, saved by section or as a whole; duplicate, delete, settle."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from drafts import editing
from drafts.actions import NotADraft
from drafts.editing import number_in
from drafts.pages import decision, page_context, say_locked, say_saved
from lists.pages import render_list
from outbox.interactive import send_now
from sessions_app.access import deleted_line, editable_cart, editable_line, may_edit, visible_line
from sessions_app.fields import CONTACTS, LINE
from sessions_app.lines import actions, choices
from sessions_app.lines.completion import completed
from sessions_app.lines.forms import LineForm
from sessions_app.lines.list_page import LINES
from sessions_app.lines.pages import read_only_page
from sessions_app.models import Cart, Line
from sessions_app.views import no_draft
from web.idempotency import idempotency_key, uuid_of

FIRST_GROUPS = ("offer", "customer")
MOST_DRAFTS = 50  # carts offered for a copy
REMOVAL = editing.Removal("remove-site", CONTACTS)


@requires(SALES, BACK_OFFICE)
@require_GET
def lines(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return render_list(
        request, LINES, Line.objects.live().visible_to(request.user).select_related("cart__owner")
    )


@requires(SALES)
@require_http_methods(["GET", "POST"])
def new(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The first few fields of a new line; the line exists as soon as they are sent, whatever they contain."""
    cart = editable_cart(request.user, pk)
    if not cart.is_draft:
        return no_draft(request, cart)
    if request.method == "POST":
        return _create(request, cart)
    form = LineForm(
        Line(cart=cart), texts=editing.posted_texts(LINE, request.preserved_post), groups=FIRST_GROUPS
    )
    key = request.preserved_post.get("key") or uuid.uuid4()
    context = {"cart": cart, "form": form, "key": key, "choices": choices.static_lists()}
    return render(request, "sessions_app/lines/new.html", context)


def _create(request: AuthenticatedHttpRequest, cart: Cart) -> HttpResponse:
    texts = editing.posted_texts(LINE, request.POST)
    edit = editing.read_edit(Line(cart=cart), texts, {}, completed)
    try:
        line = actions.add_line(
            cart.pk, request.user, key=idempotency_key(request), values=edit.values, typed=edit.typed
        )
    except NotADraft:
        return no_draft(request, cart)
    send_now(cart.pk)
    say_saved(request, cart.pk, _("Line added to the cart."))
    return redirect(line)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def line(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A line's page: its form while it can be changed, otherwise its values and history."""
    if request.method == "POST":
        return _save(request, editable_line(request.user, pk))
    shown = visible_line(request.user, pk)
    if not (shown.is_editable and may_edit(request.user, shown.cart)):
        return _read_only(request, shown)
    texts = editing.posted_texts(LINE, request.preserved_post)
    return _form_page(request, shown, texts=texts, seen=request.preserved_post.get("seen", ""))


def _save(request: AuthenticatedHttpRequest, shown: Line) -> HttpResponse:
    posted = editing.posted(LINE, request.POST, REMOVAL)
    try:
        saved, (seen, edit, _changes, is_site_kept) = actions.save_line(shown.pk, request.user, posted)
    except NotADraft:
        return _too_late(request, shown, posted.texts)
    if is_site_kept:
        messages.warning(
            request,
            _("This site was changed or removed in the meantime: these are the sites as they are now."),
        )
    if send_now(shown.cart_id):
        saved = visible_line(request.user, shown.pk)
    if request.htmx:
        return _saved(request, saved, edit, editing.seen_after(seen, posted.texts, edit, saved))
    say_locked(request, LINE, edit)
    if edit.stale:
        too_late = {path: posted.texts[path] for path in edit.stale}
        return _form_page(request, saved, texts=too_late, stale=edit.stale, status=409)
    say_saved(request, saved.cart_id, _("Saved."))
    return _next(request, saved)


def _saved(
    request: AuthenticatedHttpRequest, saved: Line, edit: editing.Edit, seen: editing.Texts
) -> HttpResponse:
    """What changed around the fields of the page that sent a section of itself."""
    if editing.has_moved(saved, edit):
        return HttpResponseClientRefresh()
    context = _context(saved, stale=edit.stale, seen=editing.as_seen(seen))
    context["filled"] = [*edit.filled, *edit.locked]
    return render(request, "sessions_app/lines/form.html#saved", context)


def _next(request: AuthenticatedHttpRequest, saved: Line) -> HttpResponse:
    if "add-site" in request.POST:
        sites = len(saved.draft.get(CONTACTS) or [{}]) + 1
        return redirect(f"{saved.get_absolute_url()}?sites={sites}#site-{sites - 1}")
    return redirect(saved.cart if "to-cart" in request.POST else saved)


def _too_late(request: AuthenticatedHttpRequest, shown: Line, texts: dict[str, str]) -> HttpResponse:
    """The line is no longer a draft. What was typed is shown once more, since it is not stored."""
    if request.htmx:
        return render(request, "sessions_app/lines/form.html#too-late", {"line": shown}, status=422)
    lost = editing.unsaved(shown, texts)
    return _read_only(request, visible_line(request.user, shown.pk), lost=lost, status=409)


def _read_only(
    request: AuthenticatedHttpRequest,
    shown: Line,
    *,
    lost: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = read_only_page(shown) | {"lost": lost, "may_order": request.user.has_role(SALES)}
    return render(request, "sessions_app/lines/line.html", context, status=status)


def _form_page(
    request: AuthenticatedHttpRequest,
    shown: Line,
    *,
    texts: dict[str, str] | None = None,
    stale: dict[str, str] | None = None,
    seen: str = "",
    status: int = 200,
) -> HttpResponse:
    sites = min(number_in(request.GET.get("sites", ""), 1), editing.MOST_ITEMS)
    context = _context(shown, seen=seen, texts=texts, stale=stale, sites=sites)
    context["choices"] = choices.static_lists()
    return render(request, "sessions_app/lines/form.html", context, status=status)


def _context(shown: Line, *, seen: str = "", **form: Any) -> dict[str, Any]:
    """What the form's page and its answers show; `seen` is what the person sees, if not what is stored."""
    built = LineForm(shown, **form)
    return page_context(shown, built, seen=seen) | {
        "line": shown,
        "cart": shown.cart,
        "places": choices.place_lists(built),
        "items_template": "sessions_app/lines/sites.html",
    }


@requires(SALES)
@require_http_methods(["GET", "POST"])
def delete(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    try:
        shown = editable_line(request.user, pk)
    except Http404:
        if request.method == "POST" and (gone := deleted_line(request.user, pk)):
            return _deleted(request, gone.cart)
        raise
    if not shown.is_editable:
        return no_draft(request, shown.cart)
    if request.method != "POST":
        return render(request, "sessions_app/lines/delete.html", {"line": shown, "cart": shown.cart})
    try:
        actions.delete_line(shown.pk, request.user)
    except NotADraft:
        return no_draft(request, shown.cart)
    send_now(shown.cart_id)
    return _deleted(request, shown.cart)


def _deleted(request: AuthenticatedHttpRequest, cart: Cart) -> HttpResponse:
    say_saved(request, cart.pk, _("Line deleted."))
    return redirect("sessions_app:carts" if cart.deleted_at else cart)


@requires(SALES)
@require_http_methods(["GET", "POST"])
def duplicate(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask whether to copy the site and into which draft; copy once however often the button is pressed."""
    shown = visible_line(request.user, pk)
    if request.method != "POST":
        drafts = Cart.objects.drafts().editable_by(request.user)
        own_first = drafts.annotate(own=Q(pk=shown.cart_id)).order_by("-own", "-created_at")
        context = {"line": shown, "cart": shown.cart, "drafts": own_first[:MOST_DRAFTS], "key": uuid.uuid4()}
        return render(request, "sessions_app/lines/duplicate.html", context)
    into = get_object_or_404(
        Cart.objects.live().editable_by(request.user), pk=uuid_of(request.POST.get("cart"))
    )
    with_site = request.POST.get("site") == "with"
    try:
        copy = actions.duplicate_line(
            shown.pk, request.user, with_site=with_site, into=into, key=idempotency_key(request)
        )
    except NotADraft:
        return no_draft(request, into)
    send_now(copy.cart_id)
    say_saved(request, copy.cart_id, _("Line copied: this is the new one."))
    return redirect(copy)


@requires(SALES)
@require_POST
def settle(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep ours or use theirs; the button says which and where: `ours|note`."""
    shown = editable_line(request.user, pk)
    path, ours = decision(request.POST.get("keep", ""))
    try:
        actions.settle_conflict(shown.pk, request.user, path, ours=ours)
    except NotADraft:
        return no_draft(request, shown.cart)
    send_now(shown.cart_id)
    messages.success(request, _("Your choice is saved."))
    return redirect(shown)
