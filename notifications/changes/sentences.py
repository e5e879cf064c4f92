"""A recorded change as sentences, for notices and mail."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from lists.registered_pages import ListPage, page_named
from notifications.models import Change
from web.words import in_words

LONGEST_VALUE = 120  # characters


def sentences(change: Change) -> list[str]:
    """Returns a sentence for each path that changed, in the page's words, like "State: in progress → active"."""
    if not change.changes:
        return [_("New in Carnet.")]
    page = page_named(change.page)
    return [_sentence(page, path, pair) for path, pair in change.changes.items()]


def _sentence(page: ListPage | None, path: str, pair: Sequence[Any]) -> str:
    before, after = (_written(page, path, value) for value in pair)
    words = {"label": page.label_of(path) if page else in_words(path), "before": before, "after": after}
    return _("%(label)s: %(before)s → %(after)s") % words


def _written(page: ListPage | None, path: str, value: Any) -> str:
    text = str(page.value(path, value)) if page else str("" if value is None else value)
    return Truncator(text).chars(LONGEST_VALUE) or _("empty")
