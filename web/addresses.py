"""Where to go next."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_url(request: HttpRequest, otherwise: str) -> str:
    """The address in `next` (of the form, of the held form, or of the URL) if it is one of this site's.

    Otherwise that of the view `otherwise`. A button that has nothing to keep while its presser signs in again
    bears `next` in its URL.
    """
    held = getattr(request, "preserved_post", {})
    target = request.POST.get("next") or held.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return resolve_url(otherwise)


def absolute(path: str) -> str:
    """The whole address of a path of this portal, for mails and calendars."""
    return f"{settings.PORTAL_URL}{path}"
