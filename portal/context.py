"""What every page's shell needs."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Theme
from accounts.roles import ADMINISTRATOR
from accounts.views import THEME_COOKIE
from portal import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """`theme` and `themes`; for someone signed in `navigation` and `is_administrator`, too."""
    user = getattr(request, "user", None) or AnonymousUser()  # a request refused early has none
    theme = user.theme if user.is_authenticated else request.COOKIES.get(THEME_COOKIE, "")
    shared = {"theme": theme if theme in Theme.values else Theme.AUTO.value, "themes": Theme.choices}
    if not user.is_authenticated:
        return shared
    return shared | {
        "navigation": SimpleLazyObject(lambda: list(navigation.links(request))),
        "is_administrator": SimpleLazyObject(lambda: user.has_role(ADMINISTRATOR)),
    }
