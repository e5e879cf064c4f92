"""How the vendor's documents of an order become its columns, and what is computed from them."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from covage.moments import moment
from lists.filters.cities import place_key
from lists.search import normalised
from sync.upsert import digest
from tracking import states
from tracking.models import Order, uuid_of
from tracking.orders.dates import day_of, expected_on, last_notice_on, place_of, whole
from web.months import months_after

Raw = Mapping[str, Any]

# Orders settled for longer than this are read again only when somebody opens them.
WORTH_READING = timedelta(days=365)

# Any single segment of a URL that can't be read as a path, as long as Order.reference holds.
_REFERENCE = re.compile(r"(?!\.{1,2}\Z)[^/\\\x00-\x1f\ud800-\udfff]{1,100}")

LISTED_TEXTS = (
    "cancellation_reason",
    "project_id",
    "offer_family",
    "offer_technology",
    "site_client",
    "site_client_2",
    "end_customer_name",
    "end_customer_name_2",
    "created_by",
)
LISTED_DAYS = ("completion_date", "cancellation_date")
DETAILED_TEXTS = ("external_id", "customer_order_name", "service_reference", "enni")
DETAILED_DAYS = ("estimated_delivery_date", "commitment_end_date")
SEARCHED = (
    "reference",
    "upstream_id",
    "external_id",
    "customer_order_name",
    "service_reference",
    "project_id",
    "end_customer_name",
    "end_customer_name_2",
    "site_client",
    "site_client_2",
    "enni",
    "created_by",
)


def reference_of(raw: Raw) -> str:
    """The reference that the vendor's addresses take for an order; its id when it has none yet.

    Blank when neither can be part of a URL.
    """
    candidates = (str(value).strip() for value in (raw.get("order_reference"), raw.get("id")) if value)
    return next((text for text in candidates if _REFERENCE.fullmatch(text)), "")


def apply_listed(order: Order, raw: Raw, at: datetime) -> None:
    """Set an order's columns from a document of the list. Unsaved."""
    order.reference = reference_of(raw)
    order.uuid = uuid_of(order.reference)
    order.upstream_id = _text(order, "upstream_id", raw.get("id"))
    site_before = order.site_client
    for name in LISTED_TEXTS:
        setattr(order, name, _text(order, name, raw.get(name)))
    order.state = _text(order, "state", raw.get("state")) or order.state
    for name in LISTED_DAYS:
        setattr(order, name, day_of(raw.get(name)))
    if order.site_client != site_before or not order.city:
        postcode, city = place_of(order.site_client)
        order.postcode, order.city = postcode, city[:250]
    order.modification_date = moment(raw.get("modification_date"))
    # Lists are sorted by it, so there has to be one.
    order.order_date = day_of(raw.get("order_date")) or day_of(order.modification_date or at) or date.min
    order.delivery_lead_time = whole(raw.get("delivery_lead_time"))
    order.commitment = whole(raw.get("commitment"))
    order.listed, order.digest = dict(raw), digest(raw)
    order.gone_at = None
    reflect(order)
    if order.is_open or (order.modification_date and order.modification_date > at - WORTH_READING):
        order.due_at = at


def apply_detail(order: Order, raw: Raw) -> None:
    """Set an order's columns from the document of its own page. Unsaved."""
    for name in DETAILED_TEXTS:
        setattr(order, name, _text(order, name, raw.get(name)))
    for name in DETAILED_DAYS:
        setattr(order, name, day_of(raw.get(name)))
    order.state = _text(order, "state", raw.get("state")) or order.state
    order.completion_date = day_of(raw.get("completion_date")) or order.completion_date
    order.cancellation_date = day_of(raw.get("cancellation_date")) or order.cancellation_date
    order.notice_period = whole(raw.get("notice_period"))
    order.commitment = whole(raw.get("minimum_commitment_duration")) or order.commitment
    order.monthly_amount = _amount(raw.get("total_amount_monthly"))
    contacts = raw.get("related_contact_information")
    for contact in contacts if isinstance(contacts, list) else []:
        if isinstance(contact, Mapping) and contact.get("city"):
            order.city = _text(order, "city", contact["city"])
            order.postcode = _text(order, "postcode", contact.get("postcode"))
            break
    reflect(order)


def reflect(order: Order) -> None:
    """Recompute the columns that follow from others. Unsaved."""
    order.is_open = states.is_open(order.state)
    order.due_on = None
    if order.in_production:
        weeks = order.delivery_lead_time
        order.due_on = expected_on(order.estimated_delivery_date, order.order_date, weeks)
    order.notice_on = (
        last_notice_on(commitment_end_of(order), order.notice_period) if order.is_active else None
    )
    if not order.in_production:
        order.step, order.step_since, order.stuck_on = "", None, None
    order.city_key = place_key(order.city)[:250]
    order.search = normalised(" ".join(str(getattr(order, name)) for name in SEARCHED))


def commitment_end_of(order: Order) -> date | None:
    """The vendor's end of the commitment, else delivery plus the months agreed (docs/vendor-readings.md, 31)."""
    if order.commitment_end_date or not order.completion_date or not order.commitment:
        return order.commitment_end_date
    return months_after(order.completion_date, order.commitment)


def _text(order: Order, name: str, value: Any) -> str:
    """A value as its column takes it: blank for none, cut to the column's length, without NUL characters."""
    text = "" if value is None else str(value).replace("\0", "").strip()
    column = order._meta.get_field(name)
    most = column.max_length if isinstance(column, models.CharField) else None
    return text[:most]


def _amount(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
        return amount if abs(amount) < Decimal(10) ** 10 else None
    except InvalidOperation:
        return None
