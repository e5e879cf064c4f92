"""A saved view: made from a list page, renamed, shared and deleted by its owner."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from lists.models import SavedView
from lists.registered_pages import page_named
from lists.saved_views.forms import SavedViewForm
from lists.saved_views.pages import address_of, keep
from web.addresses import next_url


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Save a list page's query under a name; an invalid one comes back filled, on a page of its own.

    Raises Http404 for a page that isn't registered.
    """
    data = request.POST or request.preserved_post
    page = page_named(data.get("page", ""))
    if not page:
        raise Http404
    view = SavedView(owner=request.user, page=page.name)
    form = SavedViewForm(data, instance=view, owner=request.user)
    if request.method == "POST" and form.is_valid() and keep(form):
        messages.success(request, _("View saved."))
        return redirect(address_of(view))
    context = {"form": form, "page": page}
    return render(request, "lists/saved_views/view.html", context, status=422 if form.errors else 200)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Rename one of the user's own views, share it or keep it private."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    form = SavedViewForm(request.POST or request.preserved_post or None, instance=view, owner=request.user)
    if request.method == "POST" and form.is_valid() and keep(form):
        messages.success(request, _("View updated."))
        return redirect(address_of(view) or "notifications:settings")
    context = {"form": form, "page": page_named(view.page), "view": view, "url": address_of(view)}
    return render(request, "lists/saved_views/view.html", context, status=422 if form.errors else 200)


@requires(SALES, BACK_OFFICE)
@require_POST
def delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Delete one of the user's own views, and with it everybody's watches on it."""
    get_object_or_404(SavedView, pk=pk, owner=request.user).delete()
    messages.success(request, _("View deleted. Nobody watches it any more."))
    return redirect(next_url(request, "notifications:settings"))
