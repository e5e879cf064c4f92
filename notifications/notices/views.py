"""A person's notices, and how they want to be notified."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from lists.paging import page_of
from notifications.models import Notice
from notifications.notices.forms import MailingForm
from notifications.notices.pages import mark_read, rows_of
from notifications.notices.settings import choose_mail, mailing_of, settings_context
from web.addresses import next_url

SORTS = {"unread": "is_unread"}


@requires(SALES, BACK_OFFICE)
@require_GET
def notices(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The person's notices, unread first, and newest first among each."""
    mine = Notice.objects.filter(user=request.user).select_related("change")
    page = page_of(mine, request.GET, SORTS, default="-unread")
    context = {"rows": rows_of(page.rows), "page": page}
    return render(request, "notifications/notices/notices.html", context)


@requires(SALES, BACK_OFFICE)
@require_POST
def read(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    mark_read(request.user, notice.pk)
    return redirect(next_url(request, "notifications:notices"))


@requires(SALES, BACK_OFFICE)
@require_POST
def read_all(request: AuthenticatedHttpRequest) -> HttpResponse:
    number = mark_read(request.user)
    text = ngettext("%(number)d notice marked as read.", "%(number)d notices marked as read.", number)
    messages.success(request, text % {"number": number})
    return redirect(next_url(request, "notifications:notices"))


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def settings(request: AuthenticatedHttpRequest) -> HttpResponse:
    """When mail is sent, what is watched, and the address of the person's calendar."""
    form = MailingForm(request.POST or request.preserved_post or None, instance=mailing_of(request.user))
    if request.method == "POST" and form.is_valid():
        choose_mail(request.user, form.cleaned_data["choice"])
        messages.success(request, _("Saved."))
        return redirect("notifications:settings")
    context = {"form": form} | settings_context(request)
    return render(request, "notifications/notices/settings.html", context, status=422 if form.errors else 200)
