"""What each request brings with it: the person's language, and a form held while they signed in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from web import preserved_post

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PreferencesMiddleware:
    """Speak the language that the signed-in person chose; without a choice, the browser's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class PreservedPostMiddleware:
    """Hold what someone typed when their session had ended, and give it back once they are signed in.

    Stands after the CSRF check: only a form of our own pages is held. The page reads `request.preserved_post`,
    an empty QueryDict when there is nothing; reading takes it out of the session.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.preserved_post = SimpleLazyObject(lambda: preserved_post.restore(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if request.method == "POST" and hasattr(view, "required_roles") and not request.user.is_authenticated:
            request.was_preserved = preserved_post.preserve(request)  # type: ignore[attr-defined]
