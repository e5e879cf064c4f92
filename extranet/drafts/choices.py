"""What the fields of a copper order suggest: products, our ENNI services, contacts, communes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from drafts.choices import Choice, places
from drafts.numbers import phones
from extranet.drafts.applicability import choices_in
from extranet.fields import CONTACT
from extranet.formats import LINE_NUMBER, option_words, reference_words
from extranet.models import Contact, CopperOrder, Product
from extranet.states import Service

MOST = 500  # suggestions of one list
SEEN_IN = 200  # how many of the newest orders are looked at for the types of reference in use
# The documented values of each option that has one; a product may list others.
DOCUMENTED = {
    "grt": ("4h_bhbd", "4h_24_7"),
    "internal_cabling": ("0-5m", "5-60m", "60m+"),
    "contract_term": ("12_months", "36_months"),
    "enni_redundancy": ("active_standby",),
}


def static_lists() -> dict[str, list[Choice]]:
    """The lists that don't depend on what was typed, by the name that a field's `suggests` gives."""
    return {
        "products": [_product(product) for product in Product.objects.orderable()[:MOST]],
        "endpoint_types": [
            Choice(reference_words(kind), "") for kind in dict.fromkeys((LINE_NUMBER, *_kinds_seen()))
        ],
        "doors": doors(),
    }


def lists_of(order: CopperOrder, texts: Mapping[str, str]) -> dict[str, list[Choice]]:
    """The lists that depend on the product, or on what is typed in the address and contact fields."""
    found = places(texts.get("address.city", ""), "", texts.get("address.insee_code", ""))
    by_text = {name: found[name] for name in ("cities", "insee_codes")}
    by_text["contacts"] = _contacts_like(texts.get(CONTACT, ""))
    product = order.product_offered
    return by_text | {
        option: [Choice(value, option_words(value)) for value in choices_in(product, option) or values]
        for option, values in DOCUMENTED.items()
    }


def contacts() -> list[Choice]:
    """The contacts that an order may name; at most one more than MOST."""
    return _people(Contact.objects.pickable()[: MOST + 1])


def contact_named(contact_uuid: str) -> str:
    """The contact with this identifier, in words; "" if it is unknown."""
    people = _people(Contact.objects.pickable().filter(upstream_id=contact_uuid))
    return people[0].label if people else ""


def doors() -> list[Choice]:
    """Our ENNI services, each with its order's and product's name."""
    return [_door(*row) for row in _doors()]


def _product(product: Product) -> Choice:
    return Choice(product.code, " · ".join(part for part in (product.name, product.description) if part))


def _contacts_like(text: str) -> list[Choice]:
    """The contacts that contain every word of a text; none for an empty one."""
    return _people(Contact.objects.pickable().matching(text)[:MOST]) if text else []


def _people(contacts: Iterable[Contact]) -> list[Choice]:
    return [Choice(contact.contact_uuid, _person(contact)) for contact in contacts]


def _person(contact: Contact) -> str:
    """A contact's name with an email or phone, to distinguish two of the same name."""
    address = contact.draft.get("email") or phones.shown(contact.draft.get("phone_number") or "")
    return f"{contact} · {address}" if address else str(contact)


def _kinds_seen() -> Iterator[str]:
    newest = CopperOrder.objects.live().order_by("-created_at", "-id")
    kinds: Any = newest.values_list(
        "upstream__endpoints__0__endpoint_ref_type", "upstream__reference_endpoint.endpoint_ref_type"
    )
    yield from sorted({str(kind) for pair in kinds[:SEEN_IN] for kind in pair if kind})


def _doors() -> Any:
    """(service, order name, product name) of our ENNI services."""
    doors = CopperOrder.objects.in_service().filter(service=Service.ENNI, gone_at=None)
    known = doors.exclude(service_alias="").order_by("service_alias")
    return known.values_list("service_alias", "operator_order_name", "product_name")[:MOST]


def _door(service: str, name: str, product: str) -> Choice:
    return Choice(service, " · ".join(part for part in (name, product) if part))
