"""The page for a form whose token isn't the browser's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from web import preserved_post


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is not the browser's: usually the person signed in again since the page was opened.

    What they typed goes back to them, unsaved, when the browser confirms that one of our own pages sent it.
    """
    if _sent_by_our_page(request) and _requires_sign_in(request) and preserved_post.preserve(request):
        return _reload(request)
    return render(request, "403_csrf.html", status=403)


def _sent_by_our_page(request: HttpRequest) -> bool:
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _requires_sign_in(request: HttpRequest) -> bool:
    return request.resolver_match is not None and hasattr(request.resolver_match.func, "required_roles")


def _reload(request: HttpRequest) -> HttpResponse:
    """Have the browser fetch the page again, also when htmx asked."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
    return redirect(request.get_full_path())
