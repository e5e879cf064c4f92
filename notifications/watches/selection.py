"""Watching the selected rows of a list."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from accounts.requests import AuthenticatedHttpRequest
from lists.pages import selected_rows
from lists.paging import Rows
from lists.selection import nothing_selected
from notifications.subjects import Subject
from notifications.watches.actions import watch_subjects
from web.addresses import next_url


def watch_selected(
    request: AuthenticatedHttpRequest, queryset: Rows, subject_of: Callable[[Any], Subject], home: str
) -> HttpResponse:
    """Let the reader watch the selected orders, and lead back to the list, else to the page named `home`."""
    subjects = [subject_of(row) for row in selected_rows(request, queryset)]
    if not subjects:
        return nothing_selected(request, home)
    watch_subjects(request.user, subjects)
    text = ngettext(
        "You'll be notified of changes to %(number)d order.",
        "You'll be notified of changes to %(number)d orders.",
        len(subjects),
    )
    messages.success(request, text % {"number": len(subjects)})
    return redirect(next_url(request, home))
