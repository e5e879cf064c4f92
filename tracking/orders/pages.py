"""What an order's page shows, in few queries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import BACK_OFFICE
from drafts.merge import at, is_blank
from drafts.values import Block, ValueRow, mail_link, phone_link, undeclared
from notifications.changes.changes_since import changes_since
from notifications.notes.pages import notes_context
from notifications.watches.pages import watch_context
from outbox.models import Operation
from outbox.status_badges import pending_with_badges
from sessions_app.models import Line
from tracking.documents import files
from tracking.ingest.mapping import commitment_end_of
from tracking.models import Document, Order, OrderDetail, Request
from tracking.orders import fields
from tracking.orders.changes import subject_of
from tracking.orders.commitment import terms_of
from tracking.orders.fields import CONTACTS, ERRORS, GROUPS, MANAGERS
from tracking.orders.timeline import activity_of, milestones_of
from tracking.requests import actions
from tracking.states import order_badge
from web.words import refusal_words

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class DocumentRow:
    """A document as it is shown: what may be done with it, and why it can't be viewed."""

    document: Document
    is_kept: bool
    is_available: bool
    may_be_shown: bool
    trouble: str


def order_page(order: Order, user: "User", since: datetime | None, shown: str = "") -> dict[str, Any]:
    """Everything on an order's page; `since` is when the reader last looked, `shown` the file name in the frame."""
    return details_part(order, user, since) | documents_part(order, shown) | ours_part(order, user)


def details_part(order: Order, user: "User", since: datetime | None) -> dict[str, Any]:
    """The vendor's data of an order, and what follows from them."""
    details = OrderDetail.objects.filter(pk=order.pk).first() or OrderDetail(order=order)
    raw = document_of(order, details)
    pending = pending_with_badges(actions.requests_of(order))
    return {
        "order": order,
        "line": _line_of(order, user),
        "badge": order_badge(order.state),
        "failure": _(details.failure) if details.failure else "",
        "changes_since": list(changes_since(order.uuid, since, fields.label_of, fields.show)),
        "since": since,
        "blocks": {group: _blocks(group, raw) for group in GROUPS},
        "options": list(_options(raw)),
        "errors": list(_errors(raw)),
        "undeclared": list(undeclared(raw, lambda path: fields.declared_at(path) is not None)),
        "commitment": _commitment(order),
        "lateness": _lateness(order),
        "milestones": milestones_of(order, details.history),
        "activity": activity_of(details.history),
        "current_step": order_badge(order.step) if order.step else None,
        "actions": actions.possible_actions(order) if user.has_role(BACK_OFFICE) else [],
        "requests": list(_requests_on(order)),
        "pending": pending,
        "is_sending": any(one.state == Operation.State.SENDING for one, _badge in pending),
        "refusal": actions.newest_refusal(order),
    }


def _line_of(order: Order, user: "User") -> Line | None:
    """The line that became an order, with its cart, if it was ordered here and this person may see it."""
    if not order.line_id:
        return None
    return Line.objects.live().visible_to(user).select_related("cart").filter(pk=order.line_id).first()


def documents_part(order: Order, shown: str = "") -> dict[str, Any]:
    """The documents by type, and the one that is shown in the frame."""
    by_type: dict[str, list[DocumentRow]] = {}
    for document in order.documents.order_by("kind", "filename"):
        by_type.setdefault(files.type_label(document.kind), []).append(_document_row(document))
    everyone = [document for group in by_type.values() for document in group]
    return {
        "order": order,
        "documents": by_type,
        "available_count": sum(document.is_available for document in everyone),
        "shown": next((p for p in everyone if p.document.filename == shown and p.may_be_shown), None),
    }


def ours_part(order: Order, user: "User") -> dict[str, Any]:
    """What people here have added to an order: watches and notes."""
    subject = subject_of(order)
    return watch_context(user, subject) | notes_context(user, subject)


def document_of(order: Order, details: OrderDetail) -> dict[str, Any]:
    """The documents of the list and of the order's own page as one; where both have a value, the page's counts."""
    raw = {name: value for name, value in details.detail.items() if not is_blank(value)}
    return {name: value for name, value in order.listed.items() if not is_blank(value)} | raw


def _blocks(group: str, raw: Mapping[str, Any]) -> list[Block]:
    blocks = [Block(GROUPS[group], _rows(group, raw))]
    if group == "site":
        blocks += _site_blocks(raw)
    if group == "managers":
        blocks[0].rows.extend(_manager_rows(raw))
    return [block for block in blocks if block.rows]


def _rows(group: str, raw: Mapping[str, Any]) -> list[ValueRow]:
    """A group's values, row by row; a field that only repeats another adds its name to that row."""
    found: dict[str, ValueRow] = {}
    for declared in fields.in_group(group):
        value = at(raw, declared.path)
        text = fields.show(declared.path, value)
        echoed = found.get(declared.echoes)
        if echoed and echoed.value == text:
            found[declared.echoes] = replace(echoed, name=f"{echoed.name} {declared.path}")
        elif text:
            found[declared.path] = ValueRow(declared.label, declared.path, text)
    return list(found.values())


def _items(raw: Mapping[str, Any], path: str) -> list[tuple[int, Mapping[str, Any]]]:
    value = at(raw, path)
    items = value if isinstance(value, list) else []
    return [(index, item) for index, item in enumerate(items) if isinstance(item, Mapping)]


def _site_blocks(raw: Mapping[str, Any]) -> list[Block]:
    blocks = []
    for index, contact in _items(raw, CONTACTS):
        paths = [f"{CONTACTS}.{index}.{name}" for name in contact]
        known = sorted((p for p in paths if fields.declared_at(p)), key=_declared_position)
        rows = [_contact_row(path, contact[path.rpartition(".")[2]]) for path in known]
        title = _("Site %(number)d") % {"number": index + 1}
        blocks.append(Block(title, [row for row in rows if row.value]))
    return blocks


def _declared_position(path: str) -> int:
    declared = fields.declared_at(path)
    return fields.FIELDS.index(declared) if declared else len(fields.FIELDS)


def _contact_row(path: str, value: Any) -> ValueRow:
    declared, name = fields.declared_at(path), path.rpartition(".")[2]
    text = fields.show(path, value)
    if text and name.endswith("phone_number"):
        text = phone_link(text)
    elif text and name.endswith("email_address"):
        text = mail_link(text)
    return ValueRow(declared.label if declared else name, name, text)


def _manager_rows(raw: Mapping[str, Any]) -> Iterator[ValueRow]:
    for name in MANAGERS:
        manager = raw.get(name)
        if not isinstance(manager, Mapping):
            continue
        parts = [
            fields.as_text(manager.get("name")),
            phone_link(fields.as_text(manager.get("phone"))),
            mail_link(fields.as_text(manager.get("email"))),
        ]
        value = format_html_join("\n", "{}", ((part,) for part in parts if part))
        if value:
            yield ValueRow(fields.label_of(name), name, value)


def _options(raw: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The product's options, each with its formatted values and a title."""
    for index, option in _items(raw, fields.OPTIONS):
        shown = {
            name: fields.show(f"{fields.OPTIONS}.{index}.{name}", value) for name, value in option.items()
        }
        yield shown | {"title": shown.get("label") or shown.get("name") or shown.get("option_id", "")}


def _errors(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The errors of a termination: the field's label, what is wrong with it, and the value that was sent."""
    for _index, error in _items(raw, ERRORS):
        path = fields.as_text(error.get("property_path"))
        yield fields.label_of(path), refusal_words(error), fields.as_text(error.get("value"))


def _commitment(order: Order) -> list[str]:
    """What the commitment means for ending the service, in sentences; of active orders only."""
    if not order.is_active:
        return []
    ends = commitment_end_of(order)
    if ends is None or order.commitment_end_date:
        return terms_of(order).sentences
    computed = _(
        "Covage doesn't give the end of the commitment; it's calculated from the delivery and %(months)s."
    )
    return [computed % {"months": fields.as_months(order.commitment)}, *terms_of(order).sentences]


def _lateness(order: Order) -> str:
    """By how much an order is late, or when it is expected; blank once it is out of production."""
    if order.due_on is None:
        return ""
    days = (timezone.localdate() - order.due_on).days
    words = {"number": days, "day": date_format(order.due_on)}
    if days <= 0:
        return _("Expected on %(day)s.") % words
    return (
        ngettext(
            "Expected on %(day)s: %(number)d day late.",
            "Expected on %(day)s: %(number)d days late.",
            days,
        )
        % words
    )


def _requests_on(order: Order) -> Iterator[tuple[Request, str]]:
    """The requests made on an order, newest first, each with its action's name."""
    known_by = Q(order_reference=order.reference)
    if order.upstream_id:
        known_by |= Q(order_reference=order.upstream_id)
    for one in (
        Request.objects.filter(known_by).select_related("requested_by").order_by("-creation_date", "-id")
    ):
        yield one, actions.action_title(one.action)


def _document_row(document: Document) -> DocumentRow:
    is_kept, is_available = bool(document.content), files.is_available(document)
    is_pdf = document.content_type == files.PDF or (not is_kept and _says_pdf(document.filename))
    trouble = document.trouble if files.is_file_name(document.filename) else files.NO_FILE_NAME
    return DocumentRow(
        document, is_kept, is_available, is_available and is_pdf, _(trouble) if trouble else ""
    )


def _says_pdf(filename: str) -> bool:
    return filename.lower().endswith(".pdf")
