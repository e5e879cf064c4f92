"""A draft: new, its guided form, saved section by section or as a whole; duplicate, delete, settle."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from drafts import editing
from drafts.actions import NotADraft
from drafts.editing import number_in
from drafts.pages import decision, page_context, say_locked, say_saved
from extranet.access import deleted_order, editable_order, visible_order
from extranet.drafts import actions, choices
from extranet.drafts.completion import completed
from extranet.drafts.forms import OrderForm, first_form, shown_fields
from extranet.drafts.ownership import TeamForm
from extranet.fields import ENDPOINTS, ORDER
from extranet.models import CopperOrder
from extranet.states import LINE_BUILDING
from extranet.views import not_a_draft
from outbox.interactive import send_now
from outbox.models import Operation
from web.idempotency import idempotency_key

REMOVAL = editing.Removal("remove-line", ENDPOINTS)


@requires(SALES)
@require_http_methods(["GET", "POST"])
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The first few fields of a new order, which is created as soon as they are sent, whatever they hold."""
    data = request.POST or request.preserved_post
    teams = TeamForm(data or None, user=request.user)
    if request.method == "POST" and teams.is_valid():
        return _create(request, teams)
    context = {
        "form": first_form(editing.posted_texts(ORDER, data)),
        "teams": teams,
        "key": data.get("key") or uuid.uuid4(),
        "choices": choices.static_lists(),
    }
    return render(request, "extranet/drafts/new.html", context, status=422 if teams.errors else 200)


def _create(request: AuthenticatedHttpRequest, teams: TeamForm) -> HttpResponse:
    edit = editing.read_edit(CopperOrder(), editing.posted_texts(ORDER, request.POST), {}, completed)
    order = actions.create_order(
        request.user, edit.values, edit.typed, team=teams.cleaned_data["team"], key=idempotency_key(request)
    )
    send_now(order.uuid)
    say_saved(request, order.uuid, _("Order started."))
    return redirect(order)


def form_page(
    request: AuthenticatedHttpRequest,
    shown: CopperOrder,
    *,
    texts: editing.Texts | None = None,
    stale: editing.Texts | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form of a draft, for a user who may change it."""
    preserved = editing.posted_texts(ORDER, request.preserved_post)
    lines = min(number_in(request.GET.get("lines", ""), 1), editing.MOST_ITEMS)
    form = OrderForm(shown, texts=preserved | dict(texts or {}), stale=stale, lines=lines)
    context = _context(form, seen=request.preserved_post.get("seen", ""))
    context |= {"choices": choices.static_lists(), "key": uuid.uuid4()}
    return render(request, "extranet/drafts/form.html", context, status=status)


def save(request: AuthenticatedHttpRequest, shown: CopperOrder) -> HttpResponse:
    """Save what was typed into a draft's form: a section of it from htmx, else the whole form."""
    posted = editing.posted(ORDER, request.POST, REMOVAL)
    try:
        saved, typed = actions.save_order(shown.uuid, request.user, posted)
    except NotADraft:
        return _too_late(request, shown, posted.texts)
    if typed.is_item_kept:
        messages.warning(
            request,
            _("This line was changed or removed in the meantime: these are the lines as they are now."),
        )
    shown.products = saved.products
    fields_before = shown_fields(shown)
    if send_now(shown.uuid):
        saved = visible_order(request.user, shown.uuid)
    if not request.htmx:
        return _saved_whole(request, saved, typed.edit, posted.texts)
    if not saved.is_draft:
        # Sending it showed that it is no longer a draft.
        return _too_late(request, saved, posted.texts)
    if editing.has_moved(saved, typed.edit) or shown_fields(saved) != fields_before:
        return _all_sections(request, saved, typed.edit, posted.texts)
    return _saved(request, saved, typed.edit, editing.seen_after(typed.seen, posted.texts, typed.edit, saved))


def _saved_whole(
    request: AuthenticatedHttpRequest, saved: CopperOrder, edit: editing.Edit, texts: editing.Texts
) -> HttpResponse:
    say_locked(request, ORDER, edit)
    if edit.stale:
        return form_page(request, saved, texts=_too_late_in(texts, edit), stale=edit.stale, status=409)
    say_saved(request, saved.uuid, _("Saved."))
    return _next(request, saved)


def _too_late_in(texts: editing.Texts, edit: editing.Edit) -> editing.Texts:
    """The texts of fields that somebody else changed first."""
    return {path: texts[path] for path in edit.stale}


def _saved(
    request: AuthenticatedHttpRequest, saved: CopperOrder, edit: editing.Edit, seen: editing.Texts
) -> HttpResponse:
    """What changed around the fields of the page that sent one of its sections."""
    context = _context(OrderForm(saved, stale=edit.stale), seen=editing.as_seen(seen))
    context["filled"] = [*edit.filled, *edit.locked]
    return render(request, "extranet/drafts/form.html#saved", context)


def _all_sections(
    request: AuthenticatedHttpRequest, saved: CopperOrder, edit: editing.Edit, texts: editing.Texts
) -> HttpResponse:
    """All sections, since other fields apply now than the page shows."""
    form = OrderForm(saved, texts=_too_late_in(texts, edit), stale=edit.stale)
    context = _context(form) | {"choices": choices.static_lists()}
    return render(request, "extranet/drafts/form.html#anew", context)


def _next(request: AuthenticatedHttpRequest, saved: CopperOrder) -> HttpResponse:
    if "add-line" in request.POST:
        lines = len(saved.draft.get(ENDPOINTS) or [{}]) + 1
        return redirect(f"{saved.get_absolute_url()}?lines={lines}#line-{lines - 1}")
    return redirect("extranet:submit", saved.uuid) if "to-submit" in request.POST else redirect(saved)


def _too_late(request: AuthenticatedHttpRequest, shown: CopperOrder, texts: editing.Texts) -> HttpResponse:
    """The order is no longer a draft. What was typed is shown once more, since it is not stored."""
    if request.htmx:
        return render(request, "extranet/drafts/form.html#too-late", {"order": shown}, status=422)
    shown = CopperOrder.objects.get(pk=shown.pk)
    context = {"order": shown, "lost": editing.unsaved(shown, texts)}
    return render(request, "extranet/drafts/too_late.html", context, status=409)


def _context(form: OrderForm, *, seen: str = "") -> dict[str, Any]:
    """The context of the form's page and partials; `seen` is what the user sees, if not what is stored."""
    order = form.order
    return page_context(order, form, seen=seen) | {
        "order": order,
        "places": choices.lists_of(order, form.texts),
        "items_template": "extranet/drafts/lines.html",
        "refusal": Operation.objects.about(order.uuid).standing_refusal(),
        "is_line_building": order.draft.get("activation_type") in LINE_BUILDING,
        "brought_by": _origin_of_the_service(order),
    }


def _origin_of_the_service(order: CopperOrder) -> CopperOrder | None:
    """The order that delivered the service which a termination ends, if it is known here."""
    if not order.is_termination:
        return None
    return CopperOrder.objects.in_service().of_the_service_of(order).first()


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def delete(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once, then delete; a second press deletes nothing more."""
    try:
        shown = editable_order(request.user, key)
    except Http404:
        if request.method == "POST" and deleted_order(request.user, key):
            return _deleted(request, key)
        raise
    if not shown.is_draft:
        return not_a_draft(request, key)
    if request.method != "POST":
        return render(request, "extranet/drafts/delete.html", {"order": shown})
    try:
        actions.delete_order(key, request.user)
    except NotADraft:
        return not_a_draft(request, key)
    send_now(key)
    return _deleted(request, key)


def _deleted(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    say_saved(request, key, _("Draft deleted."))
    return redirect("extranet:orders")


@requires(SALES)
@require_POST
def duplicate(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Copy an order to a new draft, once however often the button is pressed."""
    shown = visible_order(request.user, key)
    if shown.is_enni or shown.is_termination:
        messages.error(request, _("Only the activation of an access line can be ordered again."))
        return redirect(shown)
    copy = actions.duplicate_order(key, request.user, form=idempotency_key(request))
    send_now(copy.uuid)
    say_saved(request, copy.uuid, _("Order copied: this is the new one."))
    return redirect(copy)


@requires(SALES, BACK_OFFICE)
@require_POST
def settle(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Settle a conflict with our value or theirs; the button says which and where: `ours|comment`."""
    shown = editable_order(request.user, key)
    path, ours = decision(request.POST.get("keep", ""))
    try:
        actions.settle_conflict(key, request.user, path, ours=ours)
    except NotADraft:
        return not_a_draft(request, key)
    send_now(key)
    messages.success(request, _("Your choice is saved."))
    return redirect(shown)
