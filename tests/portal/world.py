"""Carts, lines, copper orders and operations for the tests of the portal's pages, in whatever state a test needs."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from extranet.models import CopperOrder
from lists.search import normalised
from outbox.models import Operation
from sessions_app.models import Cart, Line


def a_cart(owner: User | None, reference: str = "CART-1", **columns: Any) -> Cart:
    """A draft that Covage has, nothing missing in it."""
    columns = {"state": "created", "missing_count": 0, "upstream_id": str(uuid.uuid4())} | columns
    return Cart.objects.create(
        owner=owner,
        external_id=reference,
        search=normalised(f"{reference} {columns.get('project_id', '')}"),
        draft={"external_id": reference},
        **columns,
    )


def a_line(cart: Cart, customer: str = "Boulangerie", **columns: Any) -> Line:
    """A draft line of a cart, found by its customer."""
    columns = {"state": "created", "search": normalised(customer), "upstream_id": str(uuid.uuid4())} | columns
    return Line.objects.create(cart=cart, end_customer_name=customer, **columns)


def a_copper_order(owner: User | None, alias: str = "O261122_1", **columns: Any) -> CopperOrder:
    """An activation that is at Covage, nothing missing in it."""
    columns = {
        "status": "draft",
        "type": "activate",
        "service": "collect",
        "upstream_id": uuid.uuid4().hex,
        "operator_order_ref": f"REF-{alias}",
    } | columns
    columns.setdefault("search", normalised(f"{alias} {columns.get('end_customer_name', '')}"))
    return CopperOrder.objects.create(owner=owner, alias=alias, **columns)


def copper_operation(order: CopperOrder, kind: str = "save-copper", **columns: Any) -> Operation:
    """A pending operation about a copper order, waiting and never sent."""
    columns = {"kind": kind, "label": str(order), "url": order.get_absolute_url()} | columns
    return Operation.objects.create(subject_id=order.uuid, target_id=order.uuid, **columns)


def copper_of_every_item(owner: User) -> None:
    """A copper order for each worklist item, and some that belong to none."""
    now, today = timezone.now(), timezone.localdate()
    a_copper_order(owner, "PENDING", status="pending", product_family="A")
    a_copper_order(owner, "ANSWERED", status="pending", answering="confirm")
    a_copper_order(owner, "SUBMITTING", submitting_since=now, product_family="A")
    a_copper_order(owner, "HELD", status="held", product_family="S")
    a_copper_order(owner, "READY", product_family="S")
    a_copper_order(owner, "ENDING", type="terminate")
    a_copper_order(owner, "TERMINATING", type="terminate", status="running")
    a_copper_order(owner, "LACKING", missing_count=2)
    a_copper_order(owner, "CONFLICTING", missing_count=1, conflicts={"comment": {"was": "a", "theirs": "b"}})
    a_copper_order(None, "STRANGER", missing_count=1, status="draft")
    a_copper_order(owner, "ACTIVE", status="completed", term_ends_on=today + timedelta(days=20))
    a_copper_order(owner, "LASTING", status="completed", term_ends_on=today + timedelta(days=200))
    garage = {"end_customer_name": "Garage", "city": "Lyon"}
    bakery = {"end_customer_name": "Boulangerie", "city": "Lille"}
    lately, before = now - timedelta(days=2), now - timedelta(days=3)
    refused = {"status": "rejected", "rejection_date": lately, "created_at": before}
    a_copper_order(owner, "REJECTED", **refused, **garage)
    a_copper_order(owner, "REPEATED", **refused, **bakery)
    a_copper_order(owner, "AGAIN", status="submitted", **bakery)
    long_ago = now - timedelta(days=60)
    a_copper_order(owner, "FORGOTTEN", status="rejected", rejection_date=long_ago, created_at=long_ago)


def an_operation(cart: Cart, line: Line | None = None, **columns: Any) -> Operation:
    """A pending operation about a cart or one of its lines, waiting and never sent."""
    target = line or cart
    columns = {"kind": "save-line" if line else "save-cart", "label": str(target)} | columns
    if columns.get("state") in (
        Operation.State.SUCCEEDED,
        Operation.State.REFUSED,
        Operation.State.WITHDRAWN,
    ):
        columns.setdefault("finished_at", timezone.now())
    return Operation.objects.create(
        subject_id=cart.pk, target_id=target.pk, url=target.get_absolute_url(), **columns
    )
