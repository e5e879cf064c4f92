"""Middleware: the person's language, and forms preserved while they signed in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from web import preserved_post

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PreferencesMiddleware:
    """Use the language that the signed-in person chose; without a choice, the browser's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class PreservedPostMiddleware:
    """Preserve what someone typed when their session had ended, and restore it once they are signed in.

    It comes after the CSRF check, so that only forms of our own pages are preserved. The page reads
    `request.preserved_post`, an empty QueryDict when there is nothing; reading takes it out of the session.
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
