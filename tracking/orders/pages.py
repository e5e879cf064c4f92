"""What an order's page shows, gathered once so that its view stays thin and its queries few."""

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
from tracking.ingest.columns import commitment_end_of
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
class Paper:
    """A document as it is shown: what may be done with it, and why it can't be seen."""

    paper: Document
    is_kept: bool
    may_be_had: bool
    may_be_shown: bool
    trouble: str


def order_page(order: Order, user: "User", since: datetime | None, shown: str = "") -> dict[str, Any]:
    """Everything on an order's page; `since` is when the reader last looked, `shown` the document in the frame."""
    return details_part(order, user, since) | papers_part(order, shown) | ours_part(order, user)


def details_part(order: Order, user: "User", since: datetime | None) -> dict[str, Any]:
    """What the vendor tells of an order, and what follows from it."""
    dossier = OrderDetail.objects.filter(pk=order.pk).first() or OrderDetail(order=order)
    told = document_of(order, dossier)
    pending = pending_with_badges(actions.requests_of(order))
    return {
        "order": order,
        "line": _line_of(order, user),
        "badge": order_badge(order.state),
        "failure": _(dossier.failure) if dossier.failure else "",
        "changes_since": list(changes_since(order.uuid, since, fields.label_of, fields.show)),
        "since": since,
        "blocks": {group: _blocks(group, told) for group in GROUPS},
        "options": list(_options(told)),
        "errors": list(_errors(told)),
        "undeclared": list(undeclared(told, lambda path: fields.declared_at(path) is not None)),
        "commitment": _commitment(order),
        "lateness": _lateness(order),
        "milestones": milestones_of(order, dossier.history),
        "activity": activity_of(dossier.history),
        "now_in": order_badge(order.step) if order.step else None,
        "actions": actions.possible_actions(order) if user.has_role(BACK_OFFICE) else [],
        "made": list(_requests_on(order)),
        "pending": pending,
        "is_sending": any(one.state == Operation.State.SENDING for one, _badge in pending),
        "refusal": actions.newest_refusal(order),
    }


def _line_of(order: Order, user: "User") -> Line | None:
    """The line that became an order, with its cart, if it was ordered here and this person sees it."""
    if not order.line_id:
        return None
    return Line.objects.live().visible_to(user).select_related("cart").filter(pk=order.line_id).first()


def papers_part(order: Order, shown: str = "") -> dict[str, Any]:
    """The documents by type, and the one that is shown in the frame."""
    by_type: dict[str, list[Paper]] = {}
    for paper in order.papers.order_by("kind", "filename"):
        by_type.setdefault(files.type_label(paper.kind), []).append(_paper(paper))
    everyone = [paper for group in by_type.values() for paper in group]
    return {
        "order": order,
        "papers": by_type,
        "papers_to_have": sum(paper.may_be_had for paper in everyone),
        "shown": next((p for p in everyone if p.paper.filename == shown and p.may_be_shown), None),
    }


def ours_part(order: Order, user: "User") -> dict[str, Any]:
    """What people here keep about an order."""
    subject = subject_of(order)
    return watch_context(user, subject) | notes_context(user, subject)


def document_of(order: Order, dossier: OrderDetail) -> dict[str, Any]:
    """What the list and the order's own page tell, as one document; the page's word counts where both speak."""
    told = {name: value for name, value in dossier.detail.items() if not is_blank(value)}
    return {name: value for name, value in order.listed.items() if not is_blank(value)} | told


def _blocks(group: str, told: Mapping[str, Any]) -> list[Block]:
    blocks = [Block(GROUPS[group], _rows(group, told))]
    if group == "site":
        blocks += _site_blocks(told)
    if group == "managers":
        blocks[0].rows.extend(_manager_rows(told))
    return [block for block in blocks if block.rows]


def _rows(group: str, told: Mapping[str, Any]) -> list[ValueRow]:
    """What a group tells, row by row; what only repeats another adds its name to that one's row."""
    found: dict[str, ValueRow] = {}
    for declared in fields.in_group(group):
        value = at(told, declared.path)
        text = fields.show(declared.path, value)
        echoed = found.get(declared.echoes)
        if echoed and echoed.value == text:
            found[declared.echoes] = replace(echoed, name=f"{echoed.name} {declared.path}")
        elif text:
            found[declared.path] = ValueRow(declared.label, declared.path, text)
    return list(found.values())


def _items(told: Mapping[str, Any], path: str) -> list[tuple[int, Mapping[str, Any]]]:
    value = at(told, path)
    items = value if isinstance(value, list) else []
    return [(index, item) for index, item in enumerate(items) if isinstance(item, Mapping)]


def _site_blocks(told: Mapping[str, Any]) -> list[Block]:
    blocks = []
    for index, contact in _items(told, CONTACTS):
        paths = [f"{CONTACTS}.{index}.{name}" for name in contact]
        known = sorted((p for p in paths if fields.declared_at(p)), key=_declared_place)
        rows = [_contact_row(path, contact[path.rpartition(".")[2]]) for path in known]
        title = _("Site %(number)d") % {"number": index + 1}
        blocks.append(Block(title, [row for row in rows if row.value]))
    return blocks


def _declared_place(path: str) -> int:
    told = fields.declared_at(path)
    return fields.TOLD.index(told) if told else len(fields.TOLD)


def _contact_row(path: str, value: Any) -> ValueRow:
    declared, name = fields.declared_at(path), path.rpartition(".")[2]
    text = fields.show(path, value)
    if text and name.endswith("phone_number"):
        text = phone_link(text)
    elif text and name.endswith("email_address"):
        text = mail_link(text)
    return ValueRow(declared.label if declared else name, name, text)


def _manager_rows(told: Mapping[str, Any]) -> Iterator[ValueRow]:
    for name in MANAGERS:
        manager = told.get(name)
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


def _options(told: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The product's options, each value as it reads; those ordered and not told of there, by their ids alone."""
    for index, option in _items(told, fields.OPTIONS):
        shown = {
            name: fields.show(f"{fields.OPTIONS}.{index}.{name}", value) for name, value in option.items()
        }
        yield shown | {"title": shown.get("label") or shown.get("name") or shown.get("option_id", "")}


def _errors(told: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The errors of a termination: the field, what is wrong with it, and the value that was sent."""
    for _index, error in _items(told, ERRORS):
        path = fields.as_text(error.get("property_path"))
        yield fields.label_of(path), refusal_words(error), fields.as_text(error.get("value"))


def _commitment(order: Order) -> list[str]:
    """What the commitment means for ending the service, in sentences; of active orders only."""
    if not order.is_active:
        return []
    ends = commitment_end_of(order)
    if ends is None or order.commitment_end_date:
        return terms_of(order).sentences
    reckoned = _(
        "Covage doesn't give the end of the commitment; it's calculated from the delivery and %(months)s."
    )
    return [reckoned % {"months": fields.as_months(order.commitment)}, *terms_of(order).sentences]


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


def _paper(paper: Document) -> Paper:
    is_kept, may_be_had = bool(paper.content), files.may_be_had(paper)
    is_pdf = paper.content_type == files.PDF or (not is_kept and _says_pdf(paper.filename))
    trouble = paper.trouble if files.is_file_name(paper.filename) else files.NO_FILE_NAME
    return Paper(paper, is_kept, may_be_had, may_be_had and is_pdf, _(trouble) if trouble else "")


def _says_pdf(filename: str) -> bool:
    return filename.lower().endswith(".pdf")
