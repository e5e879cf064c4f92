"""The review of a draft and its submission, the answer to a pending order, the end of a service."""

from typing import Any

from django.http import Http404, HttpResponse

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires


@requires(SALES, BACK_OFFICE)
def submit(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def confirm(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def cancel(request: Request, **named: Any) -> HttpResponse:
    raise Http404


@requires(SALES, BACK_OFFICE)
def terminate(request: Request, **named: Any) -> HttpResponse:
    raise Http404
