"""Dates and times in French, where Django's own are not as we write them."""

DATETIME_FORMAT = "j F Y à H:i"
