"""Forms held in the session while their author signs in again, so that nothing typed is lost."""

from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

SESSION_KEY = "held_posts"
MOST_CHARACTERS = 64 * 1024
MOST_FORMS = 5


class PreservedPost(TypedDict):
    path: str
    data: str


def preserve(request: HttpRequest) -> bool:
    """Keep the fields that were typed for the page at `request.path`, and tell someone signed out about it.

    Secrets and files are left out. Returns whether anything was kept: a bare button has nothing to keep.
    """
    typed = _typed(request.POST)
    if not any(any(values) for values in typed.lists()):
        return False
    data = typed.urlencode()
    if len(data) > MOST_CHARACTERS:
        messages.error(
            request,
            _(
                "You had been signed out, and what you typed is too long to keep. Use your browser's Back "
                "button and copy it before you sign in."
            ),
        )
        return False
    others = [held for held in request.session.get(SESSION_KEY, []) if held["path"] != request.path]
    request.session[SESSION_KEY] = [*others, PreservedPost(path=request.path, data=data)][-MOST_FORMS:]
    if not request.user.is_authenticated:
        messages.info(request, _("You were signed out. What you typed has been kept: sign in to continue."))
    return True


def restore(request: HttpRequest) -> QueryDict:
    """Take out what was held for the page at `request.path`; empty when there is nothing to take."""
    if request.method != "GET" or not request.user.is_authenticated:
        return QueryDict()
    everything: list[PreservedPost] = request.session.get(SESSION_KEY, [])
    mine = [held for held in everything if held["path"] == request.path]
    if not mine:
        return QueryDict()
    request.session[SESSION_KEY] = [held for held in everything if held["path"] != request.path]
    messages.warning(request, _("You were signed out. What you typed is below; it hasn't been saved yet."))
    return QueryDict(mine[0]["data"])


def _typed(post: QueryDict) -> QueryDict:
    """A copy of the form's fields without the CSRF token and passwords."""
    typed = post.copy()
    for name in post:
        if name == "csrfmiddlewaretoken" or "password" in name.lower():
            del typed[name]
    return typed
