"""What the pages of drafts share: their context, and the numbers that their buttons send."""

import re
from typing import Any

from drafting.editing import as_seen, texts_of
from drafting.forms import DraftForm
from drafting.rows import Draft


def page_context(row: Draft, form: DraftForm, *, seen: str = "") -> dict[str, Any]:
    """What components/draft_page.html and its answers show of a row.

    `seen` is what the person has before them, if that is not what is stored.
    """
    return {
        "draft": row,
        "form": form,
        "seen": seen or as_seen(texts_of(row)),
        "missing": form.missing,
        "unsent": row.unsent,
    }


def number_in(text: str, otherwise: int) -> int:
    """The small number that a text is, as an item's button or a link sends it."""
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else otherwise
