"""What a person is shown of an order and a request before it is sent: enough not to end the wrong line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from drafts.values import Block, ValueRow
from tracking.models import Order, Request
from tracking.orders.commitment import CommitmentCheck, Terms, terms_of
from tracking.requests.actions import RequestAction, RequestData, earlier_requests
from tracking.requests.forms import LABELS
from tracking.states import state_label


@dataclass(frozen=True)
class Review:
    """An order under review: which one it is, its commitment, and the requests of the kind that the vendor lists."""

    order: Order
    terms: Terms
    check: CommitmentCheck | None
    blocks: list[Block]
    earlier: list[Request]

    @property
    def seen(self) -> list[str]:
        return [request.upstream_id for request in self.earlier]


def review_of(order: Order, action: RequestAction, data: RequestData | None = None) -> Review:
    """The review of an order, with what the requested day means, if there is one."""
    terms = terms_of(order)
    day = data.effective if data else None
    check = terms.on(day) if day and action.is_termination else None
    return Review(order, terms, check, [_identity(order)], earlier_requests(order, action))


def sent_block(data: RequestData, action: RequestAction) -> Block:
    """Exactly what is sent to the vendor beside the order's reference."""
    day = date_format(data.effective, "DATE_FORMAT") if data.effective else ""
    values = (
        ("reason", data.reason),
        ("request_effective_date", day),
        ("message", data.message),
    )
    rows = [
        ValueRow(LABELS[name], name, value or "—")
        for name, value in values
        if name != "reason" or action.is_termination
    ]
    return Block(_("What is sent"), rows)


def _identity(order: Order) -> Block:
    detail = order.details.detail if hasattr(order, "details") else {}
    product = detail.get("product")
    rows = (
        ValueRow(_("Order reference"), "order_reference", order.reference),
        ValueRow(
            _("End customer"), "end_customer_name", _both(order.end_customer_name, order.end_customer_name_2)
        ),
        ValueRow(_("Site"), "site_client", _both(order.site_client, order.site_client_2)),
        *(ValueRow(_("Site contact"), "related_contact_information", text) for text in _sites(detail)),
        ValueRow(_("Service reference"), "service_reference", order.service_reference),
        ValueRow(_("Order name"), "customer_order_name", order.customer_order_name),
        ValueRow(_("Product"), "product", _text(product.get("name")) if isinstance(product, Mapping) else ""),
        ValueRow(_("Technology"), "offer_technology", _both(order.offer_family, order.offer_technology)),
        ValueRow("ENNI", "enni", order.enni),
        ValueRow("VLAN", "vlan_reference", _text(detail.get("vlan_reference"))),
        ValueRow(_("State"), "state", state_label(order.state)),
        ValueRow(_("In service since"), "completion_date", _day(order)),
        ValueRow(_("Monthly amount"), "total_amount_monthly", _amount(order)),
    )
    return Block(_("Which order"), [row for row in rows if row.value])


def _sites(detail: Mapping[str, Any]) -> list[str]:
    """Each site contact in a few lines: customer, building, street, city."""
    contacts = detail.get("related_contact_information")
    sites = [one for one in contacts if isinstance(one, Mapping)] if isinstance(contacts, list) else []
    return ["\n".join(line for line in _site_lines(one) if line) for one in sites]


def _site_lines(contact: Mapping[str, Any]) -> list[str]:
    street = ("street_number", "street_number_extension", "street_name")
    return [
        _text(contact.get("end_customer_name")),
        _joined(contact, ("building_name", "level_number")),
        _joined(contact, street),
        _joined(contact, ("postcode", "city")),
    ]


def _joined(contact: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return " ".join(text for name in names if (text := _text(contact.get(name))))


def _both(one: str, other: str) -> str:
    return " · ".join(text for text in (one, other) if text)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _day(order: Order) -> str:
    return date_format(order.completion_date, "DATE_FORMAT") if order.completion_date else ""


def _amount(order: Order) -> str:
    amount = order.monthly_amount
    return "" if amount is None else f"{number_format(amount, 2)} €"
