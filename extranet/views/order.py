"""A copper order's page."""

from typing import Any

from django.http import Http404, HttpResponse

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires


@requires(SALES, BACK_OFFICE)
def order(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def progress(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def owner(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def take(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def slots(request: Request, **named: Any) -> HttpResponse:
    raise Http404
