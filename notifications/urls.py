"""Addresses of notices, watches, notes and the private calendar."""

from django.urls import path

from notifications.calendars import views as calendars
from notifications.notes import views as notes
from notifications.notices import views as notices
from notifications.watches import views as watches

app_name = "notifications"

urlpatterns = [
    # Notices
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/<int:pk>/read/", notices.read, name="notice-read"),
    path("notices/settings/", notices.settings, name="settings"),
    # Watches
    path("watches/new/", watches.new, name="watch-new"),
    path("watches/<int:pk>/delete/", watches.delete, name="watch-delete"),
    # Notes
    path("notes/new/", notes.new, name="note-new"),
    path("notes/<int:pk>/", notes.edit, name="note-edit"),
    path("notes/<int:pk>/delete/", notes.delete, name="note-delete"),
    # The private calendar
    path("notices/settings/calendar/", calendars.open_feed, name="feed-open"),
    path("notices/settings/calendar/revoke/", calendars.close_feed, name="feed-close"),
    path("calendar/<str:token>.ics", calendars.feed, name="calendar"),
]
