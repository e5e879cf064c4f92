"""The list of copper orders."""

from typing import Any

from django.http import Http404, HttpResponse

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires


@requires(SALES, BACK_OFFICE)
def orders(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def selected_csv(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def selected_xlsx(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def watch(request: Request, **named: Any) -> HttpResponse:
    raise Http404
