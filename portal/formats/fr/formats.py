"""Dates and times in French, where they differ from Django's own."""

DATETIME_FORMAT = "j F Y à H:i"
