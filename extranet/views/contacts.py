"""The people whom Covage calls about copper orders."""

from typing import Any

from django.http import Http404, HttpResponse

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires


@requires(SALES, BACK_OFFICE)
def contacts(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def new(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def contact(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def delete(request: Request, **named: Any) -> HttpResponse:
    raise Http404
