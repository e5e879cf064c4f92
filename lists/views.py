"""Choosing the columns of a list page."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import requires
from lists.columns import keep_columns
from web.addresses import next_url


@requires()
@require_POST
def choose(request: AuthenticatedHttpRequest, page: str) -> HttpResponse:
    """Store the chosen columns, or go back to the default ones (`reset`, or none chosen)."""
    keep_columns(request.user, page, [] if "reset" in request.POST else request.POST.getlist("column"))
    return redirect(next_url(request, "portal:home"))
