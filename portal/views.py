"""Home."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import Request
from accounts.roles import requires
from portal.steps import next_steps


@requires()
def home(request: Request) -> HttpResponse:
    return render(request, "portal/home.html", {"steps": list(next_steps(request.user))})
