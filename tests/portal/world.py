"""Carts, lines and operations for the tests of the portal's pages, in whatever state a test needs."""

import uuid
from typing import Any

from django.utils import timezone

from accounts.models import User
from mirror.models import Operation
from sessions_app.models import Cart, Line


def a_cart(owner: User | None, reference: str = "CART-1", **columns: Any) -> Cart:
    """A draft that Covage has, nothing missing in it."""
    columns = {"state": "created", "missing_count": 0, "upstream_id": str(uuid.uuid4())} | columns
    return Cart.objects.create(
        owner=owner, external_id=reference, draft={"external_id": reference}, **columns
    )


def a_line(cart: Cart, customer: str = "Boulangerie", **columns: Any) -> Line:
    """A draft line of a cart, found by its customer."""
    columns = {"state": "created", "search": customer.lower(), "upstream_id": str(uuid.uuid4())} | columns
    return Line.objects.create(cart=cart, end_customer_name=customer, **columns)


def an_operation(cart: Cart, line: Line | None = None, **columns: Any) -> Operation:
    """Something owed about a cart or one of its lines, waiting and never sent."""
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
