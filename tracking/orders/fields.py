"""The fields of the vendor's documents of an order (order-tracking.txt): label, group and format of each.

Paths are those of the documents; `*` means any index of a list. Fields not declared here are shown all the
same, under their own name and as they came.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from covage.moments import moment
from drafts.merge import is_blank
from tracking.orders.dates import day_of, whole
from tracking.states import state_label
from web.words import in_words, path_in_words

Label = str | Promise

CONTACTS, OPTIONS = "related_contact_information", "product.options"
ERRORS = "termination_error"
MANAGERS = ("manager_regional", "manager_n1_regional", "manager_national", "manager_n1_national")

_FROM_THE_ORDER = re.compile(r"T0 ?\+ ?(?P<number>[0-9]{1,4}) (?P<unit>weeks?|days?)")

GROUPS: dict[str, Label] = {
    "order": gettext_lazy("Order and references"),
    "site": gettext_lazy("Site and contacts"),
    "product": gettext_lazy("Product"),
    "prices": gettext_lazy("Prices"),
    "service": gettext_lazy("Service"),
    "delivery": gettext_lazy("Delivery"),
    "commitment": gettext_lazy("Commitment and notice"),
    "billing": gettext_lazy("Billing"),
    "managers": gettext_lazy("Managers"),
    "notes": gettext_lazy("Covage's notes"),
}


def as_text(value: Any) -> str:
    """A plain value as it came; booleans as yes and no, a list with commas, a number without needless decimals."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(as_text(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def as_day(value: Any) -> str:
    day = day_of(value)
    return date_format(day, "SHORT_DATE_FORMAT") if day else as_text(value)


def as_moment(value: Any) -> str:
    at = moment(value)
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else as_text(value)


def as_euros(value: Any) -> str:
    """An amount. The vendor, a French operator, names no currency: euros."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return as_text(value)
    return _("%(amount)s €") % {"amount": number_format(value, 2, use_l10n=True, force_grouping=True)}


def as_months(value: Any) -> str:
    number = None if isinstance(value, str) and not value.strip().isdecimal() else whole(value)
    if number is None:
        return as_text(value)
    return ngettext("%(number)d month", "%(number)d months", number) % {"number": number}


def as_weeks(value: Any) -> str:
    number = None if isinstance(value, str) and not value.strip().isdecimal() else whole(value)
    if number is None:
        return as_text(value)
    return ngettext("%(number)d week", "%(number)d weeks", number) % {"number": number}


def as_state(value: Any) -> str:
    return state_label(as_text(value))


def as_code(value: Any) -> str:
    """One of the vendor's codes that we have no table for, as plain words."""
    return in_words(as_text(value))


def as_lead_time(value: Any) -> str:
    """The vendor's `T0 + 8 weeks`, counted from the order date; anything else as it came."""
    found = _FROM_THE_ORDER.fullmatch(as_text(value))
    if found is None:
        return as_text(value)
    number = int(found["number"])
    if found["unit"].startswith("d"):
        words = ngettext("%(number)d day after the order", "%(number)d days after the order", number)
    else:
        words = ngettext("%(number)d week after the order", "%(number)d weeks after the order", number)
    return words % {"number": number}


@dataclass(frozen=True)
class FieldSpec:
    """A field: its path in the document, its label, the group it is shown in, and how its value is formatted.

    `echoes` is the path of a field that it usually repeats; equal values are shown as one row.
    """

    path: str
    label: Label
    group: str
    show: Callable[[Any], str] = as_text
    echoes: str = ""


def _manager(name: str, title: Label) -> tuple[FieldSpec, ...]:
    return (
        FieldSpec(name, title, "managers"),
        FieldSpec(f"{name}.name", gettext_lazy("Name"), "managers"),
        FieldSpec(f"{name}.email", gettext_lazy("Email"), "managers"),
        FieldSpec(f"{name}.phone", gettext_lazy("Phone"), "managers"),
    )


def _site(name: str, label: Label) -> FieldSpec:
    return FieldSpec(f"{CONTACTS}.*.{name}", label, "site")


def _option(name: str, label: Label, show: Callable[[Any], str] = as_text) -> FieldSpec:
    return FieldSpec(f"{OPTIONS}.*.{name}", label, "prices", show)


FIELDS = (
    FieldSpec("order_reference", gettext_lazy("Order reference"), "order"),
    FieldSpec("id", gettext_lazy("Covage identifier"), "order"),
    FieldSpec("state", gettext_lazy("State"), "order", as_state),
    FieldSpec("external_id", gettext_lazy("Your reference"), "order"),
    FieldSpec("customer_order_name", gettext_lazy("Order name"), "order"),
    FieldSpec("end_customer_name", gettext_lazy("End customer"), "order"),
    FieldSpec("end_customer_name_2", gettext_lazy("Second end customer"), "order"),
    FieldSpec("project_id", gettext_lazy("Project"), "order"),
    FieldSpec("business_code", gettext_lazy("Business code"), "order"),
    FieldSpec("quote_item_id", gettext_lazy("Quotation"), "order"),
    FieldSpec("product_offering_qualification_item_id", gettext_lazy("Eligibility item"), "order"),
    FieldSpec("created_by", gettext_lazy("Created by"), "order"),
    FieldSpec("order_date", pgettext_lazy("date", "Ordered"), "order", as_day),
    FieldSpec("modification_date", pgettext_lazy("date", "Changed at Covage"), "order", as_moment),
    FieldSpec("cancellation_date", pgettext_lazy("date", "Cancelled"), "order", as_day),
    FieldSpec("cancellation_reason", gettext_lazy("Reason of the cancellation"), "order"),
    FieldSpec("site_client", gettext_lazy("Site"), "site"),
    FieldSpec("site_client_2", gettext_lazy("Second site"), "site"),
    FieldSpec(CONTACTS, gettext_lazy("Site contacts"), "site"),
    _site("end_customer_name", gettext_lazy("Customer on site")),
    _site("siret", "SIRET"),
    _site("street_number", gettext_lazy("Street number")),
    _site("street_number_extension", gettext_lazy("Extension")),
    _site("street_name", gettext_lazy("Street")),
    _site("postcode", gettext_lazy("Postcode")),
    _site("city", gettext_lazy("City")),
    _site("insee_code", gettext_lazy("INSEE code")),
    _site("building_name", gettext_lazy("Building")),
    _site("level_number", gettext_lazy("Floor")),
    _site("latitude", gettext_lazy("Latitude")),
    _site("longitude", gettext_lazy("Longitude")),
    _site("contact1_name", gettext_lazy("Name")),
    _site("contact1_firstname", gettext_lazy("First name")),
    _site("contact1_lastname", gettext_lazy("Last name")),
    _site("contact1_phone_number", gettext_lazy("Phone")),
    _site("contact1_email_address", gettext_lazy("Email")),
    _site("contact2_name", gettext_lazy("Name (second contact)")),
    _site("contact2_firstname", gettext_lazy("First name (second contact)")),
    _site("contact2_lastname", gettext_lazy("Last name (second contact)")),
    _site("contact2_phone_number", gettext_lazy("Phone (second contact)")),
    _site("contact2_email_address", gettext_lazy("Email (second contact)")),
    FieldSpec("product", gettext_lazy("Product"), "product"),
    FieldSpec("product.name", gettext_lazy("Name"), "product"),
    FieldSpec("product.description", gettext_lazy("Description"), "product", echoes="product.name"),
    FieldSpec("product_offering_id", gettext_lazy("Offer"), "product"),
    FieldSpec("product.id", gettext_lazy("Offer of the product"), "product", echoes="product_offering_id"),
    FieldSpec("offer_family", gettext_lazy("Offer family"), "product"),
    FieldSpec(
        "product.offer_family", gettext_lazy("Family of the product"), "product", echoes="offer_family"
    ),
    FieldSpec("offer_technology", gettext_lazy("Technology"), "product"),
    FieldSpec("technology", gettext_lazy("Technology of the order"), "product", echoes="offer_technology"),
    FieldSpec(
        "product.offer_technology",
        gettext_lazy("Technology of the product"),
        "product",
        echoes="offer_technology",
    ),
    FieldSpec("bandwidth", gettext_lazy("Bandwidth"), "product"),
    FieldSpec("product.bandwidth", gettext_lazy("Bandwidth of the product"), "product", echoes="bandwidth"),
    FieldSpec("product.bandwidth_guarantee", gettext_lazy("Guaranteed bandwidth"), "product"),
    FieldSpec("product.bandwidth_max", gettext_lazy("Maximum bandwidth"), "product"),
    FieldSpec("product.tarif_zone", gettext_lazy("Tariff zone"), "product"),
    FieldSpec("option_ids", gettext_lazy("Options"), "product"),
    FieldSpec("total_amount_monthly", gettext_lazy("Monthly amount"), "prices", as_euros),
    FieldSpec("total_amount_annual", gettext_lazy("Annual amount"), "prices", as_euros),
    FieldSpec("product.price", gettext_lazy("Price of the product"), "prices", as_euros),
    FieldSpec("product.recurring", gettext_lazy("Recurring"), "prices"),
    FieldSpec("product.far", "FAR", "prices", as_euros),
    FieldSpec("product.fas", "FAS", "prices", as_euros),
    FieldSpec("product.fad", "FAD", "prices", as_euros),
    FieldSpec(OPTIONS, gettext_lazy("Options of the product"), "prices"),
    _option("name", gettext_lazy("Name")),
    _option("label", gettext_lazy("Label")),
    _option("type", gettext_lazy("Type")),
    _option("option_id", gettext_lazy("Identifier")),
    _option("price", gettext_lazy("Price"), as_euros),
    _option("recurring", gettext_lazy("Recurring")),
    FieldSpec("service_reference", gettext_lazy("Service reference"), "service"),
    FieldSpec("vlan_reference", "VLAN", "service"),
    FieldSpec("enni", gettext_lazy("ENNI (collection door)"), "service"),
    FieldSpec("enni2", gettext_lazy("Second ENNI"), "service"),
    FieldSpec("securing_label", gettext_lazy("Securing"), "service"),
    FieldSpec("securing", gettext_lazy("Securing (identifier)"), "service"),
    FieldSpec("strands_number", gettext_lazy("Strands (dark fibre)"), "service"),
    FieldSpec("fon_security", gettext_lazy("Security (dark fibre)"), "service"),
    FieldSpec("service_topology", gettext_lazy("Topology"), "service"),
    FieldSpec("technical_zone", gettext_lazy("Technical zone"), "service"),
    FieldSpec("building_ref", gettext_lazy("Building reference"), "service"),
    FieldSpec("estimated_delivery_date", gettext_lazy("Estimated delivery"), "delivery", as_day),
    FieldSpec("completion_date", pgettext_lazy("date", "Delivered"), "delivery", as_day),
    FieldSpec("delivery_lead_time_label", gettext_lazy("Lead time given"), "delivery", as_lead_time),
    FieldSpec("delivery_lead_time", gettext_lazy("Delivery lead time"), "delivery", as_weeks),
    FieldSpec("delivery_mode", gettext_lazy("Delivery mode"), "delivery", as_code),
    FieldSpec("minimum_commitment_duration", gettext_lazy("Minimum commitment"), "commitment", as_months),
    FieldSpec(
        "commitment", gettext_lazy("Commitment"), "commitment", as_months, "minimum_commitment_duration"
    ),
    FieldSpec("product.commitment", gettext_lazy("Commitment of the product"), "commitment"),
    FieldSpec("commitment_end_date", gettext_lazy("Commitment end"), "commitment", as_day),
    FieldSpec("notice_period", gettext_lazy("Notice period"), "commitment", as_months),
    FieldSpec("billing_site_ref", gettext_lazy("Billing site"), "billing"),
    FieldSpec("billing_site_name", gettext_lazy("Name of the billing site"), "billing"),
    FieldSpec("billing_period", gettext_lazy("Billing period"), "billing", as_code),
    *_manager("manager_regional", gettext_lazy("Regional manager")),
    *_manager("manager_n1_regional", gettext_lazy("Regional manager N+1")),
    *_manager("manager_national", gettext_lazy("National manager")),
    *_manager("manager_n1_national", gettext_lazy("National manager N+1")),
    FieldSpec("note", gettext_lazy("Note"), "notes"),
    FieldSpec("technical_note", gettext_lazy("Technical note"), "notes"),
    FieldSpec(ERRORS, gettext_lazy("Errors"), "notes"),
    FieldSpec(f"{ERRORS}.*.code", gettext_lazy("Code"), "notes"),
    FieldSpec(f"{ERRORS}.*.property_path", gettext_lazy("Field"), "notes"),
    FieldSpec(f"{ERRORS}.*.value", gettext_lazy("Value"), "notes"),
    # Found in changes only, in no document (tracking.orders.changes)
    FieldSpec("step", gettext_lazy("Production step"), "", as_state),
    FieldSpec("step_reason", gettext_lazy("Note on the production step"), ""),
    FieldSpec("documents", gettext_lazy("New documents"), ""),
)

_BY_PATH = {spec.path: spec for spec in FIELDS}
_INDEX = re.compile(r"\.(\d{1,6})(?=\.|$)")


def declared_at(path: str) -> FieldSpec | None:
    """The field declared for a path of a document or of a change, if there is one."""
    return _BY_PATH.get(_INDEX.sub(".*", path))


def label_of(path: str) -> str:
    """The label of a path, as "City (site 2)"; for an undeclared one its own names as words."""
    spec = declared_at(path)
    if spec is None:
        return path_in_words(path)
    owner = path.partition(".")[0]
    if owner in MANAGERS and spec.path != owner:
        return _("%(owner)s: %(label)s") % {"owner": _BY_PATH[owner].label, "label": spec.label}
    place = _INDEX.search(path)
    if place is None:
        return str(spec.label)
    number = int(place[1]) + 1
    if path.startswith(OPTIONS):
        return _("%(label)s (option %(number)d)") % {"label": spec.label, "number": number}
    if path.startswith(CONTACTS) and number > 1:
        return _("%(label)s (site %(number)d)") % {"label": spec.label, "number": number}
    return str(spec.label)


def show(path: str, value: Any) -> str:
    """The value at a path, formatted for reading; blank for none."""
    if is_blank(value):
        return ""
    spec = declared_at(path)
    return spec.show(value) if spec else as_text(value)


def in_group(group: str) -> list[FieldSpec]:
    """The fields that a group shows one by one: plain values, no lists, no managers and nothing within them."""
    return [spec for spec in FIELDS if spec.group == group and not _is_shown_apart(spec.path)]


def _is_shown_apart(path: str) -> bool:
    return "*" in path or path in _SHOWN_APART or path.partition(".")[0] in MANAGERS


# Shown in a block of their own.
_SHOWN_APART = frozenset({"state", "product", CONTACTS, OPTIONS, ERRORS})
