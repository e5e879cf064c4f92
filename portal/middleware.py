"""Pages of an API that is not configured do not exist, even for somebody who has their address."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from portal.apis import api_of_page, is_there


class ConfiguredApisMiddleware:
    """Respond with a 404 that says why to requests for pages of an API that this portal is not connected to."""

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
