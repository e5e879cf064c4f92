"""The switches for language, theme and Covage's field names."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import PreferencesForm
from web.addresses import next_url

THEME_COOKIE = "carnet_theme"
YEAR_SECONDS = 365 * 24 * 60 * 60


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Store the choices for the signed-in person, and language and theme for the browser too; then go back."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This choice isn't available."))
    chosen = {name: value for name, value in form.cleaned_data.items() if name in request.POST}
    if request.user.is_authenticated:
        for name, value in chosen.items():
            setattr(request.user, name, value)
        request.user.save(update_fields=list(chosen))
    response = redirect(next_url(request, settings.LOGIN_REDIRECT_URL))
    _remember_in_browser(response, chosen)
    return response


def _remember_in_browser(response: HttpResponse, chosen: dict[str, Any]) -> None:
    """Set cookies, so that the sign-in page has the chosen language and theme, too."""
    names = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": THEME_COOKIE}
    for name in names.keys() & chosen.keys():
        if value := chosen[name]:
            response.set_cookie(
                names[name],
                value,
                max_age=YEAR_SECONDS,
                secure=not settings.DEBUG,
                httponly=True,
                samesite="Lax",
            )
        else:
            response.delete_cookie(names[name])
