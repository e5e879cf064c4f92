"""Forms preserved in the session while their author signs in again, so that nothing typed is lost."""

from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

SESSION_KEY = "preserved_posts"
MOST_CHARACTERS = 64 * 1024
MOST_FORMS = 5


class PreservedPost(TypedDict):
    """A form as the session has it: the path it was posted to, and its fields, URL-encoded."""

    path: str
    data: str


def preserve(request: HttpRequest) -> bool:
    """Keep the fields that were typed for the page at `request.path`, with a message for someone signed out.

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
    others = [post for post in request.session.get(SESSION_KEY, []) if post["path"] != request.path]
    request.session[SESSION_KEY] = [*others, PreservedPost(path=request.path, data=data)][-MOST_FORMS:]
    if not request.user.is_authenticated:
        messages.info(request, _("You were signed out. What you typed has been kept: sign in to continue."))
    return True


def restore(request: HttpRequest) -> QueryDict:
    """Take out and return the fields preserved for the page at `request.path`; empty when there are none."""
    if request.method != "GET" or not request.user.is_authenticated:
        return QueryDict()
    everything: list[PreservedPost] = request.session.get(SESSION_KEY, [])
    mine = [post for post in everything if post["path"] == request.path]
    if not mine:
        return QueryDict()
    request.session[SESSION_KEY] = [post for post in everything if post["path"] != request.path]
    messages.warning(request, _("You were signed out. What you typed is below; it hasn't been saved yet."))
    return QueryDict(mine[0]["data"])


def _typed(post: QueryDict) -> QueryDict:
    """Returns a copy of the form's fields without the CSRF token and passwords."""
    typed = post.copy()
    for name in post:
        if name == "csrfmiddlewaretoken" or "password" in name.lower():
            del typed[name]
    return typed
