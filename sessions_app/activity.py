"""The history of carts and lines in words."""

from typing import Any

from django.utils.translation import gettext as _

from drafts import history
from drafts.history import AuditEntry, Vocabulary
from drafts.models import Event
from sessions_app import fields
from sessions_app.models import Cart, Line
from sessions_app.states import cart_badge, line_badge

# Events that are the vendor's doing, even if somebody here requested them.
_DONE_BY_COVAGE = frozenset({"confirmed", "changed-upstream"})


def history_of(cart: Cart, line: Line | None = None) -> list[AuditEntry]:
    """The newest events of a cart, or of one of its lines."""
    words = Vocabulary(_verbs(), _DONE_BY_COVAGE, _change_label, _shown)
    return history.history_of(cart.pk, words, target_id=line.pk if line else None)


def _verbs() -> dict[str, str]:
    return {
        "created": _("opened the cart"),
        "edited": _("changed the cart"),
        "deleted": _("deleted the cart"),
        "taken": _("took the cart"),
        "line-added": _("added a line"),
        "line-edited": _("changed a line"),
        "line-duplicated": _("added a copy of a line"),
        "line-deleted": _("deleted a line"),
        "line-reordered": _("carried over a rejected line"),
        "conflict-settled": _("resolved a change made on both sides"),
        "confirmation-asked": _("confirmed the cart"),
        "confirmed": _("accepted the confirmation"),
        "reordered": _("carried the rejected lines over into a new cart"),
        "changed-upstream": _("reported a change"),
        "withdrawn": _("withdrew what was waiting to be sent"),
    }


def _change_label(path: str) -> str:
    own = {"state": _("State"), "owner": _("Owner"), "team": _("Team")}
    return own.get(path) or fields.LINE.label_of(path)


def _shown(event: Event, path: str, value: Any) -> str:
    if path == "state":
        badge = cart_badge if event.target_id == event.subject_id else line_badge
        return badge(str(value or "")).label
    field = fields.LINE.field_at(path)
    return field.show(value) if field else str(value or "")
