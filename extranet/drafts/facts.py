"""What other rows say about drafts, in as many queries for many drafts as for one."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from extranet.drafts.readiness import Facts
from extranet.fields import CONTACT, SERVICE
from extranet.models.reference import Contact, Product
from extranet.querysets import CopperOrderQuerySet
from extranet.states import DRAFTS, Status, Type

if TYPE_CHECKING:
    from extranet.models import CopperOrder

_NOT_UNDER_WAY = (*DRAFTS, Status.REJECTED, Status.CANCELED)


def facts_of(orders: Sequence["CopperOrder"], among: CopperOrderQuerySet) -> dict[UUID, Facts]:
    """The facts of each order, by its key; `among` are the orders searched for twins and terminations."""
    codes, people = _named(orders, "product.code"), _named(orders, CONTACT)
    products = {row.code: row for row in Product.objects.filter(code__in=set(codes.values()))}
    offered = {code for code, product in products.items() if not product.gone_at}
    known = Contact.objects.pickable()
    pickable = set(known.filter(upstream_id__in=set(people.values())).values_list("upstream_id", flat=True))
    no_product = _naming_unknown(codes, offered, Product.objects.filter(gone_at=None))
    no_contact = _naming_unknown(people, pickable, known)
    twins, terminations = with_twins(orders, among), _terminations(orders, among)
    return {
        order.uuid: Facts(
            product=products[code].document if (code := codes.get(order.uuid)) in products else {},
            is_product_unknown=order.uuid in no_product,
            is_contact_unknown=order.uuid in no_contact,
            has_twin=order.uuid in twins,
            ended_by=terminations.get(order.uuid, ""),
        )
        for order in orders
    }


def with_twins(orders: Iterable["CopperOrder"], among: CopperOrderQuerySet) -> set[UUID]:
    """The orders whose reference another order has too: by it each is found again at Covage."""
    references = {order.uuid: str(order.draft.get("operator_order_ref") or "") for order in orders}
    wanted = {reference for reference in references.values() if reference}
    if not wanted:
        return set()
    live = among.live().filter(operator_order_ref__in=wanted, gone_at=None)
    used = set(live.values_list("operator_order_ref", "uuid"))
    return {
        key
        for key, reference in references.items()
        if any(text == reference and other != key for text, other in used)
    }


def _named(orders: Iterable["CopperOrder"], name: str) -> dict[UUID, str]:
    """What orders name in a field, by their keys."""
    return {order.uuid: str(value) for order in orders if (value := order.shown.get(name))}


def _naming_unknown(named: dict[UUID, str], found: Collection[str | None], known: QuerySet[Any]) -> set[UUID]:
    """The orders that name something unknown; none while nothing at all is known yet."""
    unknown = {key for key, value in named.items() if value not in found}
    return unknown if unknown and (found or known.exists()) else set()


def _terminations(orders: Iterable["CopperOrder"], among: CopperOrderQuerySet) -> dict[UUID, str]:
    """The name of another order that already ends a draft's service, by the draft's key."""
    drafts = [order for order in orders if order.draft.get("type") == Type.TERMINATE]
    services = {name: {getattr(order, name) for order in drafts} - {""} for name in SERVICE}
    of_these = [(f"{name}__in", found) for name, found in services.items() if found]
    if not of_these:
        return {}
    others = among.live().ending().filter(Q(*of_these, _connector=Q.OR), gone_at=None)
    under_way = list(others.exclude(status__in=_NOT_UNDER_WAY).without_documents().order_by("-pk"))
    return {
        draft.uuid: str(other)
        for draft in drafts
        for other in under_way  # the oldest comes last, and is kept
        if other.uuid != draft.uuid and any(_same(draft, other, name) for name in SERVICE)
    }


def _same(order: "CopperOrder", other: "CopperOrder", name: str) -> bool:
    service: str = getattr(order, name)
    return bool(service) and service == getattr(other, name)
