"""Addresses for those who read outside of the portal."""

from django.conf import settings


def absolute(path: str) -> str:
    """The whole address of a path of this portal, for mails and calendars."""
    return f"{settings.PORTAL_URL}{path}"
