"""The declared fields of a cart, an order line and a site contact (order-taking.txt).

Names are those of the vendor's current edition; `covage.wire` knows how other editions spell them.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from drafts import formats
from drafts.fields import Field, FieldSet, Kind, Need
from drafts.numbers import phones

LATER = frozenset({"current", "tables"})
EARLIER = frozenset({"earlier"})
CONTACTS = "related_contact_information"
CPE_OPTION = "7021"
CPE_FIELDS = ("cpe_network_number", "cpe_serial_number")

GROUPS: dict[str, Any] = {
    "offer": _("Offer"),
    "customer": _("Customer and references"),
    "site": _("Site and contacts"),
    "network": _("Network"),
    "options": _("Options and equipment"),
    "delivery": _("Delivery"),
    "notes": _("Notes"),
}

CART_FIELDS = (
    Field(
        "external_id",
        _("Your reference"),
        "cart",
        help=_("Your own reference for this cart. Leave it empty and Carnet will create one."),
        max_length=100,
    ),
    Field(
        "project_id",
        _("Project"),
        "cart",
        suggests="projects",
        help=_("The project code, if there is one."),
    ),
)


def _contact(number: int, need: Need) -> tuple[Field, ...]:
    first = number == 1
    return (
        Field(
            f"contact{number}_firstname",
            _("First name") if first else _("First name (second contact)"),
            "site",
            need=need,
            editions=LATER,
        ),
        Field(
            f"contact{number}_lastname",
            _("Last name") if first else _("Last name (second contact)"),
            "site",
            need=need,
            editions=LATER,
        ),
        Field(
            f"contact{number}_name",
            _("Name") if first else _("Name (second contact)"),
            "site",
            need=need,
            editions=EARLIER,
        ),
        Field(
            f"contact{number}_phone_number",
            _("Phone") if first else _("Phone (second contact)"),
            "site",
            need=need,
            rule=formats.phone,
            reads=phones.shown,
            help=_("Such as 01 23 45 67 89, or with + and the country code."),
        ),
        Field(
            f"contact{number}_email_address",
            _("Email") if first else _("Email (second contact)"),
            "site",
            need=need,
            rule=formats.email,
        ),
    )


SITE_CONTACT_FIELDS = (
    Field("end_customer_name", _("Customer on site"), "site", need=Need.CONFIRMATION, wide=True),
    Field(
        "siret",
        "SIRET",
        "site",
        rule=formats.siret,
        help=_("14 digits. Needed if you say it's known."),
    ),
    Field("street_number", _("Street number"), "site", need=Need.CONFIRMATION, max_length=20),
    Field("street_number_extension", _("Extension"), "site", help=_("B, bis, ter…"), max_length=20),
    Field("street_name", _("Street"), "site", need=Need.CONFIRMATION, wide=True),
    Field(
        "postcode", _("Postcode"), "site", need=Need.CONFIRMATION, rule=formats.postcode, suggests="postcodes"
    ),
    Field("city", _("City"), "site", need=Need.CONFIRMATION, suggests="cities"),
    Field(
        "insee_code",
        _("INSEE code"),
        "site",
        need=Need.CONFIRMATION,
        rule=formats.insee_code,
        suggests="insee_codes",
        help=_("Identifies the commune. It isn't the postcode."),
    ),
    Field("building_name", _("Building"), "site"),
    Field("level_number", _("Floor"), "site", max_length=20),
    Field("latitude", _("Latitude"), "site", kind=Kind.DECIMAL, rule=formats.latitude),
    Field("longitude", _("Longitude"), "site", kind=Kind.DECIMAL, rule=formats.longitude),
    *_contact(1, Need.CONFIRMATION),
    *_contact(2, Need.NEVER),
)

LINE_FIELDS = (
    Field("product_offering_id", _("Offer"), "offer", need=Need.CREATION, quoted=True),
    Field(
        "product_offering_qualification_item_id",
        _("Eligibility item"),
        "offer",
        need=Need.CREATION,
        quoted=True,
        wide=True,
        help=_("The identifier of the eligibility study behind this line."),
    ),
    Field(
        "quote_item_id",
        _("Quotation"),
        "offer",
        wide=True,
        help=_(
            "A line from a quotation has its offer, eligibility item, customer, order name and business "
            "code locked."
        ),
    ),
    Field(
        "offer_family",
        _("Offer family"),
        "offer",
        only_at_creation=True,
        editions=LATER,
        suggests="offer_families",
        help=_("BPE, BPEA, DIA… Covage only accepts it at creation."),
        max_length=40,
    ),
    Field(
        "offer_technology",
        _("Technology"),
        "offer",
        only_at_creation=True,
        editions=LATER,
        suggests="offer_technologies",
        help=_("FIBDE, FON… Covage only accepts it at creation."),
        max_length=40,
    ),
    Field("end_customer_name", _("End customer"), "customer", quoted=True, wide=True),
    Field("customer_order_name", _("Order name"), "customer", quoted=True),
    Field(
        "external_id",
        _("Your reference"),
        "customer",
        help=_("Your own reference for this line. Leave it empty and Carnet will create one."),
        max_length=100,
    ),
    Field("project_id", _("Project"), "customer", suggests="projects"),
    Field("business_code", _("Business code"), "customer", quoted=True, suggests="projects"),
    Field("billing_site_ref", _("Billing site"), "customer", editions=LATER),
    Field(
        CONTACTS,
        _("Site contacts"),
        "site",
        kind=Kind.ITEMS,
        need=Need.CONFIRMATION,
        items=SITE_CONTACT_FIELDS,
        each=_("%(label)s (site %(number)d)"),
    ),
    Field(
        "siret_known",
        _("The SIRET is known"),
        "site",
        kind=Kind.BOOLEAN,
        editions=LATER,
        help=_("If so, each site needs its SIRET."),
    ),
    Field(
        "enni",
        _("ENNI (collection door)"),
        "network",
        need=Need.CONFIRMATION,
        suggests="ennis",
        rule=formats.enni_reference,
        help=_("A reference such as CN012345. Leave it empty for a DIA offer: Covage works it out."),
    ),
    Field(
        "enni2",
        _("Second ENNI"),
        "network",
        suggests="ennis",
        rule=formats.enni_reference,
        editions=LATER,
    ),
    Field(
        "vlan_reference",
        "VLAN",
        "network",
        kind=Kind.INTEGER,
        rule=formats.vlan,
        help=_("A number from 1 to 4094."),
    ),
    Field(
        "additional_vlan_reference", _("Additional VLAN"), "network", rule=formats.vlan_list, editions=LATER
    ),
    Field(
        "option_ids",
        _("Options"),
        "options",
        kind=Kind.CODES,
        rule=formats.option_id,
        suggests="options",
        wide=True,
        help=_("Their numbers, separated by commas or spaces. Option 7021 needs the two CPE numbers."),
    ),
    Field("cpe_network_number", _("CPE network number"), "options", editions=LATER),
    Field("cpe_serial_number", _("CPE serial number"), "options", editions=LATER),
    Field("delivery_mode", _("Delivery mode"), "delivery"),
    Field(
        "scheduled_delivery_date", _("Requested delivery date"), "delivery", kind=Kind.DATE, editions=LATER
    ),
    Field(
        "access_instructions",
        _("Access instructions"),
        "delivery",
        kind=Kind.LONG_TEXT,
        editions=LATER,
        wide=True,
        help=_("What a technician needs to know to get in."),
    ),
    Field(
        "specific_request", _("Specific request"), "delivery", kind=Kind.LONG_TEXT, editions=LATER, wide=True
    ),
    Field("note", _("Note"), "notes", kind=Kind.LONG_TEXT, wide=True),
    Field("technical_note", _("Technical note"), "notes", kind=Kind.LONG_TEXT, wide=True),
)

LINE = FieldSet(LINE_FIELDS, GROUPS)
CART = FieldSet(CART_FIELDS, {"cart": _("Cart")})

QUOTED = frozenset(field.name for field in LINE_FIELDS if field.quoted)
ONLY_AT_CREATION = frozenset(field.name for field in LINE_FIELDS if field.only_at_creation)


def line_fields(edition: str | None = None) -> list[Field]:
    """The fields of a line in an edition, by default the configured one."""
    return [field for field in LINE_FIELDS if field.exists_in(edition or settings.COVAGE_EDITION)]


def site_contact_fields(edition: str | None = None) -> list[Field]:
    """The fields of a site contact in an edition, by default the configured one."""
    return [field for field in SITE_CONTACT_FIELDS if field.exists_in(edition or settings.COVAGE_EDITION)]


def is_dia(document: Mapping[str, Any]) -> bool:
    """Whether the line is a DIA offer, whose ENNI the vendor works out (order-taking.txt, special case of enni)."""
    return any(
        str(document.get(name) or "").upper().startswith("DIA")
        for name in ("offer_family", "product_offering_id")
    )


def wire_blanks(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes with each emptied field as the blank of its type; a site contact has every field."""
    declared = {f.name: f for f in (*LINE_FIELDS, *CART_FIELDS)}
    sent = {name: declared[name].blank if value is None else value for name, value in changes.items()}
    if contacts := sent.get(CONTACTS):
        emptied = {field.name: field.blank for field in site_contact_fields()}
        sent[CONTACTS] = [emptied | contact for contact in contacts]
    return sent
