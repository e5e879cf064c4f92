"""The people whom Covage calls about copper orders: their list, one of them, a new one, and deleting one."""

import uuid
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from drafts.pages import say_saved
from extranet.contacts import actions
from extranet.contacts.forms import ContactForm, ContactSearch
from extranet.contacts.pages import drafts_naming, listed, trouble_of
from extranet.models import Contact
from outbox.interactive import send_now
from web.addresses import next_url
from web.idempotency import idempotency_key, uuid_of

LIST = "extranet:contacts"


@requires(SALES, BACK_OFFICE)
@require_GET
def contacts(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = ContactSearch(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    page, rows = listed(text, request.GET)
    context = {
        "form": form,
        "text": text,
        "page": page,
        "rows": rows,
        "may_delete": request.user.has_role(BACK_OFFICE),
    }
    return render(request, "extranet/contacts/list.html", context)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = ContactForm(request.POST or request.preserved_post or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create_contact(request.user, form.values, key=idempotency_key(request))
        return _sent(request, made, _("Contact saved."))
    return _form_page(request, form)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def contact(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A contact to be changed. One that is gone shows what it held, and can be added as a new one. Raises Http404."""
    typed = request.POST or request.preserved_post or None
    shown = get_object_or_404(Contact, pk=pk)
    if shown.deleted_at and not typed:
        raise Http404
    form = ContactForm(typed, contact=shown)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.edit_contact(shown.pk, request.user, form.values)
            return _sent(request, saved, _("Saved."))
        except actions.NotThere:
            shown.refresh_from_db()
    return _form_page(request, form, shown)


@requires(BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def delete(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask once, then delete; one that is already gone counts as deleted."""
    shown = get_object_or_404(Contact, pk=pk)
    if request.method != "POST":
        context = {"contact": shown, **drafts_naming(shown)}
        return render(request, "extranet/contacts/delete.html", context) if shown.is_there else redirect(LIST)
    with suppress(actions.NotThere):
        actions.delete_contact(shown.pk, request.user)
    send_now(shown.pk)
    say_saved(request, shown.pk, _("Contact deleted."))
    return redirect(LIST)


def _sent(request: AuthenticatedHttpRequest, saved: Contact, said: str) -> HttpResponse:
    """Send at once what is pending, and go back; to the form if Covage refused it."""
    send_now(saved.pk)
    say_saved(request, saved.pk, said)
    back, trouble = next_url(request, LIST), trouble_of(saved)
    if trouble and trouble.is_finished:
        return redirect(f"{saved.get_absolute_url()}?{urlencode({'next': back})}")
    return redirect(back)


def _form_page(
    request: AuthenticatedHttpRequest, form: ContactForm, shown: Contact | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "contact": shown,
        "trouble": trouble_of(shown) if shown else None,
        "back": next_url(request, LIST),
        "key": uuid_of(request.POST.get("key")) or uuid.uuid4(),
        "may_delete": request.user.has_role(BACK_OFFICE),
        "is_refused": request.method == "POST",
    }
    return render(
        request, "extranet/contacts/form.html", context, status=422 if context["is_refused"] else 200
    )
