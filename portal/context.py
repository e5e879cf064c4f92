"""What every page's shell needs."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Theme, User
from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import ADMINISTRATOR
from accounts.views import THEME_COOKIE
from portal import navigation
from portal.freshness import Freshness


def shell(request: HttpRequest) -> dict[str, Any]:
    """`theme` and `themes`; for somebody signed in also `navigation`, `is_administrator` and `freshness`."""
    user = getattr(request, "user", None)  # a request refused early has none
    if not isinstance(user, User):
        return _theme(request.COOKIES.get(THEME_COOKIE, ""))
    return _theme(user.theme) | {
        "navigation": SimpleLazyObject(
            lambda: list(navigation.links(cast(AuthenticatedHttpRequest, request)))
        ),
        "is_administrator": SimpleLazyObject(lambda: user.has_role(ADMINISTRATOR)),
        "freshness": Freshness.of_page(request, user),
    }


def _theme(theme: str) -> dict[str, Any]:
    return {"theme": theme if theme in Theme.values else Theme.AUTO.value, "themes": Theme.choices}
