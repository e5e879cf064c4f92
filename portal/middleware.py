"""Pages of an API that is not configured are not there, whoever has their address."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from portal.apis import api_of_page, is_there


class ConfiguredApisMiddleware:
    """Answer 404, with a sentence that says why, for the pages of an API that this portal does not speak to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        api = api_of_page(request.resolver_match)
        if is_there(api):
            return None
        return render(request, "portal/not_configured.html", {"api": api}, status=404)
