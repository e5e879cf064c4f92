"""What the pages of contacts show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from drafts.values import phone_link
from extranet.models import Contact, CopperOrder
from lists.paging import KeysetPage, page_of
from outbox.models import Operation
from web.badge import Badge

State = Operation.State
MOST_DRAFTS = 20  # named before a contact is deleted


@dataclass(frozen=True)
class ContactRow:
    """A contact as the list shows it: how many orders name it, and whether Covage has it as it is here."""

    contact: Contact
    order_count: int
    badge: Badge | None

    @property
    def phone(self) -> str:
        """A link to call the contact; "" without a number."""
        return phone_link(self.contact.draft.get("phone_number") or "")

    @property
    def mobile(self) -> str:
        """A link to call the contact's mobile; "" without a number."""
        return phone_link(self.contact.draft.get("cell_phone_number") or "")


def listed(text: str, query: QueryDict) -> tuple[KeysetPage, list[ContactRow]]:
    """A page of the contacts that contain every word of a text. Three queries."""
    page = page_of(Contact.objects.there().matching(text), query, {"name": "name"}, default="name")
    counts, troubles = _order_counts(page.rows), _troubles(page.rows)
    rows = [
        ContactRow(row, counts.get(row.contact_uuid, 0), _badge(row, troubles.get(row.pk)))
        for row in page.rows
    ]
    return page, rows


def trouble_of(contact: Contact) -> Operation | None:
    """The operation on a contact that is still to be sent, or was refused last."""
    return _troubles([contact]).get(contact.pk)


def drafts_naming(contact: Contact) -> dict[str, Any]:
    """The first `drafts` that name a contact, and how many `others` that are not settled."""
    naming = CopperOrder.objects.naming([contact.contact_uuid] if contact.upstream_id else [])
    drafts = naming.drafts()
    first = list(drafts.order_by("-created_at")[:MOST_DRAFTS])
    return {"drafts": first, "others": naming.count() - len(first)}


def _order_counts(contacts: Iterable[Contact]) -> dict[str, int]:
    contact_uuids = [contact.upstream_id for contact in contacts if contact.upstream_id]
    found = CopperOrder.objects.naming(contact_uuids).values("contact_uuid").annotate(number=Count("pk"))
    return dict(found.values_list("contact_uuid", "number"))


def _troubles(contacts: Iterable[Contact]) -> dict[UUID, Operation]:
    pks = [contact.pk for contact in contacts]
    troubled = Operation.objects.troubled().filter(subject_id__in=pks).order_by("id")
    return {operation.subject_id: operation for operation in troubled}


def _badge(contact: Contact, trouble: Operation | None) -> Badge | None:
    if trouble and trouble.state == State.REFUSED:
        return Badge(_("refused"), "bad")
    if not contact.upstream_id:
        return Badge(_("not at Covage yet"), "info")
    return Badge(_("waiting to be sent"), "info") if trouble else None
