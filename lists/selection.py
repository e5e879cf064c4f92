"""What is done with the rows that were ticked on a list, which are subjects of the desk."""

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedHttpRequest
from lists.pages import List, Rows, export_list, selected_rows
from web.addresses import next_url


def export_asked(
    request: AuthenticatedHttpRequest, the_list: List, queryset: Rows, kind: str, home: str
) -> HttpResponseBase:
    """All orders that the URL's filters let pass, or of those posted exactly the selected ones, as a file."""
    if request.method == "POST":
        queryset = selected_rows(request, queryset)
        if not queryset.exists():
            return nothing_selected(request, home)
    return export_list(request, the_list, queryset, kind)


def nothing_selected(request: AuthenticatedHttpRequest, home: str) -> HttpResponseRedirect:
    messages.warning(request, _("No orders were selected: tick some first. Nothing was done."))
    return redirect(next_url(request, home))
