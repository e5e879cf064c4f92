"""The private calendar: its address, and the calendar itself."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from notifications.calendars import feeds
from notifications.calendars.ics import calendar_of
from notifications.notices.forms import MailingForm
from notifications.notices.settings import mailing_of, settings_context
from web.addresses import absolute


@requires(SALES, BACK_OFFICE)
@require_POST
@never_cache
def open_feed(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Create a new address and show it, this once: that is why there is no redirect."""
    path = reverse("notifications:calendar", args=[feeds.open_feed(request.user)])
    context = {"form": MailingForm(instance=mailing_of(request.user)), "feed_url": absolute(path)}
    return render(request, "notifications/notices/settings.html", context | settings_context(request))


@requires(SALES, BACK_OFFICE)
@require_POST
def close_feed(request: AuthenticatedHttpRequest) -> HttpResponse:
    feeds.close_feed(request.user)
    messages.success(
        request, _("The calendar address has been revoked: it no longer shows anything to anyone.")
    )
    return redirect("notifications:settings")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of the person whose secret this is: calendars can't sign in. Raises Http404 for any other."""
    reader = feeds.reader_of(token)
    if not reader:
        raise Http404
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        body = calendar_of(reader)
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="carnet.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
