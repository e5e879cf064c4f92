"""The contents of a list's cells, made in Python: template filters and includes would double a page's time."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web.badge import Badge


def link(url: str, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)


def badge(state: Badge) -> SafeString:
    """A state, as `components/badge.html` shows it."""
    tone = f" state-{state.tone}" if state.tone else ""
    return format_html('<span class="state{}">{}</span>', tone, state.label)


def marked(text: str, label: str, tone: str) -> SafeString:
    """Returns a cell's text with a badge after it."""
    return format_html("{} {}", text, badge(Badge(label, tone)))


def quiet(text: object) -> SafeString:
    return format_html('<span class="quiet">{}</span>', text)


def day(value: date | None) -> str:
    """Returns a day, or a moment's local day, in the reader's short format; blank for None."""
    if value is None:
        return ""
    on = timezone.localdate(value) if isinstance(value, datetime) else value
    return _written(on, "SHORT_DATE_FORMAT", get_language() or "")


def moment(value: datetime | None) -> str:
    """Returns a moment, to the minute, in the reader's short format; blank for None."""
    if value is None:
        return ""
    here = timezone.localtime(value).replace(second=0, microsecond=0)
    return _written(here, "SHORT_DATETIME_FORMAT", get_language() or "")


@lru_cache(maxsize=8192)
def _written(value: date, form: str, language: str) -> str:
    return date_format(value, form)
