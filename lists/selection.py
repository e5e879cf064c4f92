"""A selection of orders: the file of the selected rows, and the message when nothing is selected."""

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedHttpRequest
from lists.pages import List, export_list, selected_rows
from lists.paging import Rows
from web.addresses import next_url


def export_selected(
    request: AuthenticatedHttpRequest, the_list: List, queryset: Rows, kind: str, home: str
) -> HttpResponseBase:
    """Returns a file of all orders that match the URL's filters, or on POST of exactly the selected ones."""
    if request.method == "POST":
        queryset = selected_rows(request, queryset)
        if not queryset.exists():
            return nothing_selected(request, home)
    return export_list(request, the_list, queryset, kind)


def nothing_selected(request: AuthenticatedHttpRequest, home: str) -> HttpResponseRedirect:
    """Say that nothing was selected, and lead back to the list, else to the page named `home`."""
    messages.warning(request, _("No orders were selected: tick some first. Nothing was done."))
    return redirect(next_url(request, home))
