"""What is done with the rows that were ticked on a list, which are subjects of the desk."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.requests import Request
from accounts.ways import way_back
from desk.lists import List, Rows, export_list, selected_rows
from desk.subjects import Subject
from desk.watching import watch_subjects


def watch_selected(
    request: Request, queryset: Rows, subject_of: Callable[[Any], Subject], home: str
) -> HttpResponse:
    """Let the reader watch the selected orders, and lead back to the list, else to the page named `home`."""
    subjects = [subject_of(row) for row in selected_rows(request, queryset)]
    if not subjects:
        return _nothing_selected(request, home)
    watch_subjects(request.user, subjects)
    said = ngettext(
        "You are told of what changes on %(number)d order.",
        "You are told of what changes on %(number)d orders.",
        len(subjects),
    )
    messages.success(request, said % {"number": len(subjects)})
    return redirect(way_back(request, home))


def export_asked(request: Request, the_list: List, queryset: Rows, kind: str, home: str) -> HttpResponseBase:
    """All orders that the URL's filters let pass, or of those posted exactly the selected ones, as a file."""
    if request.method == "POST":
        queryset = selected_rows(request, queryset)
        if not queryset.exists():
            return _nothing_selected(request, home)
    return export_list(request, the_list, queryset, kind)


def _nothing_selected(request: Request, home: str) -> HttpResponseRedirect:
    messages.warning(request, _("No order was selected: tick some first. Nothing was done."))
    return redirect(way_back(request, home))
