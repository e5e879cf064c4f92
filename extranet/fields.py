"""The fields of a copper order (extranet-orders.txt), each declared once.

A field's name is its place in the vendor's document: `contacts.operator.contact_uuid`. Our documents are flat, by
these names; `extranet.documents` converts the vendor's to ours and back.
"""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from drafts import formats
from drafts.fields import Field, FieldSet, Kind, Need
from drafts.numbers import phones
from extranet.formats import batch, endpoint_ref, mandate, option_words, reference_kind, reference_words, rio
from extranet.states import ActivationType, Type

ENDPOINTS = "endpoints"
# The paths of the lines' references.
ENDPOINT_REF = re.compile(rf"(?:reference_endpoint|{ENDPOINTS}\.[0-9]+)\.endpoint_ref")
CONTACT = "contacts.operator.contact_uuid"
# A termination names its service by either of these.
SERVICE = ("service_alias", "service_uuid")
DOOR = "enni.enni_service_ref"
NEEDS_ENNI = "S"  # the family whose orders name an ENNI service (extranet-orders.txt, enni field)
TAKES_ENNI = (NEEDS_ENNI, "M")  # and the one that may, for it can be collected at two of them

GROUPS: dict[str, Any] = {
    "product": _("Product"),
    "line": _("The line"),
    "address": _("Address of the line"),
    "customer": _("End customer"),
    "network": _("Network"),
    "options": _("Options"),
    "references": _("References and contact"),
    "notes": _("Notes"),
}

OWNER_TYPES = (
    ("registrated", _("company with a SIRET")),
    ("unregistrated", _("company being set up")),
    ("individual", _("private individual")),
)


def _vlan(text: str) -> str:
    return str(formats.vlan(text))


def _endpoint(prefix: str, need: Need) -> tuple[Field, Field]:
    return (
        Field(
            f"{prefix}endpoint_ref",
            _("Line number") if not prefix else _("Number of the reference line"),
            "line",
            need=need,
            rule=endpoint_ref,
            max_length=40,
            help=_(
                "The copper line's number, such as 01 43 34 00 43, or another reference exactly as the "
                "eligibility study gave it."
            ),
        ),
        Field(
            f"{prefix}endpoint_ref_type",
            _("Type of reference"),
            "line",
            need=need,
            suggests="endpoint_types",
            rule=reference_kind,
            reads=reference_words,
            max_length=40,
            help=_("A line number, or another type exactly as the eligibility study gave it."),
        ),
    )


def _option(code: str, label: Any, *values: Field, help: Any = "") -> tuple[Field, ...]:
    enabled = Field(f"options.{code}.enabled", label, "options", kind=Kind.BOOLEAN, help=help)
    return (enabled, *values)


def _value(name: str, label: Any, **more: Any) -> Field:
    return Field(f"options.{name}", label, "options", max_length=100, **more)


def _coded(name: str, label: Any, suggests: str, **more: Any) -> Field:
    """An option's value that Covage writes as a code."""
    return _value(name, label, suggests=suggests, reads=option_words, **more)


def _person(prefix: str, name: str, label: Any, **more: Any) -> Field:
    return Field(f"{prefix}.{name}", label, "customer", **more)


FIELDS = (
    Field("type", _("Type of order"), "product", need=Need.CREATION, choices=tuple(Type.choices)),
    Field("service_alias", _("Service"), "product", max_length=40, help=_("The service to terminate.")),
    Field("service_uuid", _("Identifier of the service"), "product", max_length=64),
    Field(
        "product.code",
        _("Product"),
        "product",
        need=Need.CREATION,
        suggests="products",
        max_length=40,
        help=_("Its code in Covage's catalogue, such as SD01."),
    ),
    Field(
        "activation_type",
        _("What to activate"),
        "product",
        need=Need.CREATION,
        choices=tuple(ActivationType.choices),
        wide=True,
        help=_("This decides which line and address you need to give."),
    ),
    Field(
        "eligibility_ref",
        _("Eligibility study"),
        "product",
        wide=True,
        help=_("The identifier of the eligibility study for this line, such as KOSC_8178cd36-…"),
    ),
    Field(
        ENDPOINTS,
        _("Lines"),
        "line",
        kind=Kind.ITEMS,
        need=Need.CREATION,
        items=_endpoint("", Need.CREATION),
        each=_("%(label)s (line %(number)d)"),
    ),
    *_endpoint("reference_endpoint.", Need.CREATION),
    Field("address.street_number", _("Street number"), "address", need=Need.CREATION, max_length=20),
    Field("address.street_name", _("Street"), "address", need=Need.CREATION, wide=True),
    Field("address.building", _("Building"), "address"),
    Field("address.stairs", _("Staircase"), "address", max_length=20),
    Field("address.floor", _("Floor"), "address", max_length=20),
    Field("address.door", _("Door"), "address", max_length=20),
    Field("address.rivoli_code", _("Rivoli code"), "address", max_length=20),
    Field("address.city", _("City"), "address", need=Need.CREATION, suggests="cities"),
    Field(
        "address.insee_code",
        _("INSEE code"),
        "address",
        need=Need.CREATION,
        rule=formats.insee_code,
        suggests="insee_codes",
        help=_("Identifies the commune. It isn't the postcode."),
    ),
    Field(
        "activation_info.mandate_id",
        _("Mandate"),
        "customer",
        need=Need.CREATION,
        rule=mandate,
        max_length=100,
        help=_(
            "The number of the unbundling mandate that the end customer signed. Covage may ask to see it."
        ),
    ),
    Field("owner.type", _("Type of customer"), "customer", need=Need.CONFIRMATION, choices=OWNER_TYPES),
    _person("owner", "name", _("End customer"), need=Need.CONFIRMATION, wide=True),
    _person("owner", "siret", "SIRET", need=Need.CONFIRMATION, rule=formats.siret, help=_("14 digits.")),
    _person("owner", "first_name", _("Customer's first name"), need=Need.CONFIRMATION),
    _person("owner", "last_name", _("Customer's last name"), need=Need.CONFIRMATION),
    _person("contacts.owner", "first_name", _("Site contact's first name"), need=Need.CONFIRMATION),
    _person("contacts.owner", "last_name", _("Site contact's last name"), need=Need.CONFIRMATION),
    _person(
        "contacts.owner",
        "phone_number",
        _("Site contact's phone"),
        need=Need.CONFIRMATION,
        rule=formats.phone,
        reads=phones.shown,
        help=_("Such as 01 23 45 67 89, or with + and the country code."),
    ),
    _person(
        "contacts.owner",
        "cell_phone_number",
        _("Site contact's mobile"),
        rule=formats.phone,
        reads=phones.shown,
    ),
    _person("contacts.owner", "email", _("Site contact's email"), rule=formats.email),
    Field(
        DOOR,
        _("ENNI (collection door)"),
        "network",
        need=Need.CONFIRMATION,
        suggests="doors",
        max_length=100,
        help=_("The reference of one of your ENNI services, such as S20181102_12001."),
    ),
    Field(
        "enni.enni_vlan",
        "VLAN",
        "network",
        need=Need.CONFIRMATION,
        rule=_vlan,
        help=_("A number from 1 to 4094."),
    ),
    *_option(
        "portability",
        _("Keep the phone number (portability)"),
        _value(
            "portability.rio_code",
            _("RIO"),
            rule=rio,
            help=_("12 characters. The customer gets it by calling 3179."),
        ),
        _value(
            "portability.prefix_code",
            _("Prefix code"),
            need=Need.CONFIRMATION,
            help=_("The receiving operator's routing prefix, needed for portability."),
        ),
        _value("portability.contract_ref", _("Contract reference")),
        _value("portability.operator_code", _("Operator code")),
    ),
    *_option(
        "grt",
        _("Guaranteed time to repair"),
        _coded(
            "grt.value",
            _("Time to repair"),
            "grt",
            help=_("Such as 4 h during business hours, or 4 h 24/7."),
        ),
    ),
    *_option("unlisted_number", _("Unlisted number")),
    *_option(
        "internal_cabling",
        _("Cabling inside the building"),
        _coded(
            "internal_cabling.internal_cabling_length",
            _("Length of the cabling"),
            "internal_cabling",
        ),
    ),
    *_option("demarcation_device", _("Demarcation device")),
    *_option(
        "contract_term",
        _("Another contract term"),
        _coded("contract_term.value", _("Contract term"), "contract_term", help=_("Such as 36 months.")),
    ),
    *_option(
        "enni_redundancy",
        _("Redundancy of the ENNI"),
        _coded("enni_redundancy.value", _("Type of redundancy"), "enni_redundancy"),
        help=_(
            "It needs two ENNI services. Covage's documentation has no field for the second one: give it in"
            " the comment."
        ),
    ),
    Field(
        "operator_order_ref",
        _("Your reference"),
        "references",
        max_length=100,
        help=_("Your own reference for this order. Leave it empty and Carnet will create one."),
    ),
    Field("operator_order_name", _("Order name"), "references"),
    Field(
        CONTACT,
        _("Your contact for Covage"),
        "references",
        need=Need.CONFIRMATION,
        suggests="contacts",
        max_length=64,
        help=_("The person Covage calls about this order: one of the contacts registered with them."),
    ),
    Field(
        "batch_alias",
        _("Batch"),
        "references",
        rule=batch,
        max_length=40,
        help=_("Only for a mass migration: Covage's delivery team provides it, for example B180612_00001."),
    ),
    Field("comment", _("Comment"), "notes", kind=Kind.LONG_TEXT, wide=True),
)

ORDER = FieldSet(FIELDS, GROUPS)

# The fields of a draft that a PUT changes (extranet-orders.txt, "Update an order"); of endpoints the page says that it
# depends. For any other change the draft is created again at Covage (docs/vendor-readings.md, the extranet).
_UPDATABLE = ("owner.", "contacts.", "options.", "enni.")
_UPDATABLE_NAMES = frozenset(
    {"comment", "operator_order_ref", "operator_order_name", "batch_alias", ENDPOINTS}
)


def is_updatable(name: str) -> bool:
    """Whether a PUT changes this field of a draft."""
    return name in _UPDATABLE_NAMES or name.startswith(_UPDATABLE)
