"""Addresses: where to go after an action, and absolute ones for use outside the portal."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_url(request: HttpRequest, otherwise: str) -> str:
    """Returns the address in `next` (of the form, the preserved form, or the URL) if it is on this site.

    Otherwise that of the view `otherwise`. A button without fields to preserve over a sign-in has `next` in its URL.
    """
    preserved = getattr(request, "preserved_post", {})
    target = request.POST.get("next") or preserved.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return resolve_url(otherwise)


def absolute(path: str) -> str:
    """Returns the absolute address of a path of this portal, for mails and calendars."""
    return f"{settings.PORTAL_URL}{path}"
