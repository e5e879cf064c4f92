"""What the page of a line that can't be changed shows; how other pages show a line's values and rejections."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from covage.moments import moment
from drafts import values
from drafts.merge import is_blank
from drafts.readiness import Missing, refusal_sentence
from drafts.values import Block, ValueRow
from sessions_app import fields
from sessions_app.activity import history_of
from sessions_app.confirmation.actions import rejections
from sessions_app.fields import CONTACTS
from sessions_app.models import Line
from sessions_app.states import LineState, line_badge
from web.badge import Badge
from web.words import path_in_words

# What a line's document holds beside the declared fields, and is shown elsewhere on its page.
_SHOWN_ELSEWHERE = frozenset({"id", "product_order_id", "state", "state_change", "termination_error"})


def read_only_page(line: Line) -> dict[str, Any]:
    """Everything on the page of a line that can't be changed (any more, or by the reader)."""
    return {
        "line": line,
        "cart": line.cart,
        "badge": line_badge(line.state),
        "is_ordered": line.order_date is not None and line.state != LineState.REJECTED_CREATION,
        "blocks": list(blocks_of(line.draft)),
        "undeclared": list(_undeclared(line)),
        "states": list(_state_changes(line)),
        "rejections": rejected_because(line),
        "reordered_as": Line.objects.live().filter(reorder_of=line).first(),
        "history": history_of(line.cart, line),
    }


def blocks_of(draft: Mapping[str, Any]) -> Iterator[Block]:
    """A line's filled fields in the groups of its form, each site a block of its own."""
    return values.blocks_of(fields.LINE, draft, {CONTACTS: _("Site %(number)d")})


def rejected_because(line: Line) -> list[Missing]:
    """Why the vendor rejected a line, each reason at the field that it names."""
    return [
        Missing(error["path"], refusal_sentence(error), fields.LINE.label_of(error["path"]))
        for error in rejections(line)
    ]


def _undeclared(line: Line) -> Iterator[ValueRow]:
    """What else the vendor shows of a line; unknown names in words, their values as they came."""
    labels = {
        "order_reference": _("Order reference"),
        "temporary_reference": _("Temporary reference"),
        "creation_date": _("Created"),
        "order_date": _("Ordered"),
        "completion_date": _("Completed"),
        "cancellation_date": _("Cancelled"),
        "cancellation_reason": _("Reason of the cancellation"),
        "expiration_date": _("Draft until"),
        "building_ref": _("Building reference"),
    }
    for name, value in line.upstream.items():
        if name not in line.field_set.names and name not in _SHOWN_ELSEWHERE and not is_blank(value):
            yield ValueRow(labels.get(name) or path_in_words(name), name, _as_moment(name, value))


def _as_moment(name: str, value: Any) -> str:
    found = moment(value) if name.endswith("_date") and isinstance(value, str) else None
    return date_format(timezone.localtime(found), "SHORT_DATETIME_FORMAT") if found else str(value)


def _state_changes(line: Line) -> Iterator[tuple[datetime | None, Badge, str]]:
    changes = line.upstream.get("state_change")
    for change in changes if isinstance(changes, list) else []:
        if isinstance(change, Mapping):
            reason = str(change.get("change_reason") or "")
            yield moment(change.get("change_date")), line_badge(str(change.get("state") or "")), reason
