"""A note about a subject: written on the subject's page, changed on a page of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from notifications.models import Note
from notifications.notes.forms import NoteForm
from notifications.subjects import subject_of_token
from web.addresses import next_url


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Write a note about the subject of the form's token; an invalid one comes back filled, on a page of its own."""
    data = request.POST or request.preserved_post
    subject = subject_of_token(data.get("subject", ""), request.user)
    form = NoteForm(data, instance=Note(subject_id=subject.id, author=request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Note saved."))
        return redirect(next_url(request, "notifications:notices"))
    context = {"form": form, "subject": subject, "token": data["subject"], "next": data.get("next", "")}
    return render(request, "notifications/notes/note.html", context, status=422 if form.errors else 200)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note, pk=pk, author=request.user)
    form = NoteForm(request.POST or request.preserved_post or None, instance=note)
    if request.method == "POST" and form.is_valid():
        form.instance.edited_at = timezone.now()
        form.save()
        messages.success(request, _("Note updated."))
        return redirect(next_url(request, "notifications:notices"))
    back = next_url(request, "notifications:notices")
    context = {"form": form, "note": note, "next": back}
    return render(request, "notifications/notes/note.html", context, status=422 if form.errors else 200)


@requires(SALES, BACK_OFFICE)
@require_POST
def delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Note, pk=pk, author=request.user).delete()
    messages.success(request, _("Note deleted."))
    return redirect(next_url(request, "notifications:notices"))
