"""The three roles, and the decorator by which a view says who may open it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

SALES = "sales"
BACK_OFFICE = "back-office"
ADMINISTRATOR = "administrator"
ROLES = (SALES, BACK_OFFICE, ADMINISTRATOR)

View = Callable[..., HttpResponseBase]


def requires(*roles: str) -> Callable[[View], View]:
    """Open a view to people with one of `roles`, or to anyone signed in when none is named.

    Administrators pass everywhere. Someone not signed in is redirected to the sign-in page and back; a request
    by htmx gets a 401 with the event `signed-out` instead, so that the page in the browser stays as it is.
    Someone signed in without the role gets a 403. The view's `required_roles` has the roles.

    Raises ValueError for a role that doesn't exist.
    """
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"No such role: {', '.join(sorted(unknown))}.")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if roles and not request.user.has_role(*roles):
                raise PermissionDenied(
                    _("You don't have access to this page. If you need it, ask an administrator.")
                )
            return view(request, *args, **kwargs)

        guarded.required_roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Returns the response to someone who is not signed in, or no longer."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Trigger": "signed-out"})
    return redirect(f"{reverse('account_login')}?{urlencode({'next': _return_path(request)})}")


def _return_path(request: HttpRequest) -> str:
    """Returns where to go after signing in: the page requested, or the one on which a button without fields is."""
    if request.method in {"GET", "HEAD"} or getattr(request, "was_preserved", False):
        return request.get_full_path()
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc != request.get_host():
        return request.get_full_path()
    return f"{referer.path}?{referer.query}" if referer.query else referer.path


def create_groups(sender: Any, using: str, **kwargs: Any) -> None:
    """Create the groups behind the roles where they are missing. Runs after every migration.

    Administrators may edit people and teams under /admin/.
    """
    from django.contrib.auth.models import Group, Permission

    groups = {role: Group.objects.using(using).get_or_create(name=role)[0] for role in ROLES}
    people_and_teams = Permission.objects.using(using).filter(content_type__app_label="accounts")
    groups[ADMINISTRATOR].permissions.add(*people_and_teams)
