"""What happened to a copper order, by Covage's events and by the history here."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from drafts import history
from drafts.history import AuditEntry, Vocabulary
from drafts.merge import is_blank
from drafts.models import Event
from extranet.fields import CONTACT, ORDER
from extranet.models import Contact, CopperOrder, OrderEvent
from extranet.states import Status, status_badge, status_label
from web.badge import Badge
from web.timeline import ActivityEntry
from web.words import in_words

_ORDER_PREFIX = "order-"
# Events that the vendor caused, even if somebody requested them.
_DONE_BY_COVAGE = {"submitted", "confirmed", "cancelled", "changed-upstream"}


def events_of(order: CopperOrder) -> list[OrderEvent]:
    """Covage's events of the order, oldest first; those of one moment in the order of statuses, undated ones last."""
    if not order.upstream_id:
        return []
    return sorted(OrderEvent.objects.filter(order_uuid=order.upstream_id), key=_place)


def _place(event: OrderEvent) -> tuple[bool, datetime, int]:
    status = status_of(event)
    at = event.event_date
    return at is None, at or datetime.min, Status.values.index(status) if status else 0


def status_of(event: OrderEvent) -> str:
    """The status that an order entered by an event; "" for any other event."""
    name = event.type.removeprefix(_ORDER_PREFIX)
    name = Status.CANCELED.value if name == "cancelled" else name
    return name if name in Status.values else ""


def activity_of(events: Iterable[OrderEvent], kind: str = "") -> list[ActivityEntry]:
    """Covage's events of an order of this type in words, in the same order."""
    return [_line(event, kind) for event in events]


def reason_of(events: Iterable[OrderEvent], status: str) -> str:
    """The reason that Covage gave when an order last entered a status; "" if none."""
    reasons = [_reason_text(event) for event in events if status_of(event) == status]
    return reasons[-1] if reasons else ""


def history_of(order: CopperOrder) -> list[AuditEntry]:
    """The newest events of an order here."""
    return history.history_of(order.uuid, Vocabulary(_verbs(), _DONE_BY_COVAGE, label_of, _shown))


def label_of(path: str) -> str:
    """The label of a path of the order; its own words if it is unknown."""
    own = {
        "state": _("Status"),
        "status": _("Status"),
        "owner": _("Owner"),
        "team": _("Team"),
        "product.name": _("Product"),
    }
    return own.get(path) or ORDER.label_of(path)


def show(path: str, value: Any) -> str:
    """The value at a path of the order in words; "" for none."""
    if is_blank(value):
        return ""
    if path in ("state", "status"):
        return status_label(str(value))
    if path == CONTACT:
        return _contact(str(value))
    field = ORDER.field_at(path)
    if field:
        return field.show(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _contact(contact_uuid: str) -> str:
    """The contact's name, if it is known, with the vendor's identifier."""
    known = Contact.objects.filter(upstream_id=contact_uuid).first()
    return _("%(name)s (%(key)s)") % {"name": known, "key": contact_uuid} if known else contact_uuid


def _shown(_event: Event, path: str, value: Any) -> str:
    return status_label("") if path == "state" and is_blank(value) else show(path, value)


def _line(event: OrderEvent, kind: str) -> ActivityEntry:
    status = status_of(event)
    badge = status_badge(status, kind) if status else Badge(_name_of(event), "")
    return ActivityEntry(badge, event.type, event.event_date, "", _reason_text(event))


def _name_of(event: OrderEvent) -> str:
    return _words().get(event.type) or in_words(event.type.replace("-", "_"))


def _reason_text(event: OrderEvent) -> str:
    """The reason that an event gives, with anything else in its data."""
    data = event.document.get("data")
    if not isinstance(data, Mapping):
        return "" if is_blank(data) else show("", data)
    others = [
        f"{in_words(name)}: {show('', value)}" for name, value in data.items() if name != "reason" and value
    ]
    return "\n".join([text for text in [show("", data.get("reason")), *others] if text])


def _words() -> dict[str, str]:
    return {
        "order-created": pgettext("copper", "created"),
        "order-modified": pgettext("copper", "changed"),
        "order-deleted": pgettext("copper", "deleted"),
    }


def _verbs() -> dict[str, str]:
    return {
        "created": _("started the order"),
        "edited": _("changed the order"),
        "deleted": _("deleted the draft"),
        "taken": _("took the order"),
        "duplicated": _("started the order as a copy of another one"),
        "termination-begun": _("started the termination"),
        "conflict-settled": _("resolved a change made on both sides"),
        "made-anew": _("had Covage recreate the draft, for a change only accepted at creation"),
        "submission-asked": _("submitted the order"),
        "submitted": _("accepted the submission"),
        "confirm-asked": _("confirmed the order"),
        "cancel-asked": _("cancelled the order"),
        "confirmed": _("accepted the confirmation"),
        "cancelled": _("accepted the cancellation"),
        "changed-upstream": _("reported a change"),
        "withdrawn": _("withdrew what was waiting to be sent"),
    }
