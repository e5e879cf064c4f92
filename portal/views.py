"""Home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.roles import requires


@requires()
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")
