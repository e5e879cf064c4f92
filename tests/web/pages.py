"""The portal's addresses with two pages for these tests: one that takes a form, one bare button."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from accounts.roles import SALES, requires
from portal.urls import urlpatterns as portal_urls


@requires(SALES)
def form_page(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Returns what it was given: what is preserved on GET, what was posted on POST."""
    data: Any = request.POST if request.method == "POST" else request.preserved_post  # type: ignore[attr-defined]
    return JsonResponse(dict(data.lists()))


@requires()
def deaf_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("This page does not look at what is preserved.")


@require_POST
@requires(SALES)
def button(request: HttpRequest) -> HttpResponse:
    return HttpResponse("pressed")


urlpatterns = [
    path("form/", form_page),
    path("form/<int:number>/", form_page),
    path("deaf/", deaf_page),
    path("button/", button),
    *portal_urls,
]
