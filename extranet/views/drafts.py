"""A draft: its guided form, saved field by field or as a whole; duplicate, delete, settle."""

from typing import Any

from django.http import Http404, HttpResponse

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires


@requires(SALES, BACK_OFFICE)
def new(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def settle(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def delete(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def duplicate(request: Request, **named: Any) -> HttpResponse:
    raise Http404
