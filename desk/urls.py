"""Addresses of notices, watches, notes, saved views and the private calendar."""

from django.urls import path

from desk.views import calendar, columns, notes, notices, saved, watches

app_name = "desk"

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
    # Saved views
    path("views/new/", saved.new, name="view-new"),
    path("views/<int:pk>/", saved.edit, name="view-edit"),
    path("views/<int:pk>/delete/", saved.delete, name="view-delete"),
    # Columns of lists
    path("columns/<slug:page>/", columns.choose, name="columns"),
    # The private calendar
    path("notices/settings/calendar/", calendar.open_feed, name="feed-open"),
    path("notices/settings/calendar/revoke/", calendar.close_feed, name="feed-close"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar"),
]
