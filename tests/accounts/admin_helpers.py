"""The models whose administration is read-only: a row of each, and the pages that show it."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.utils import quote
from django.db import models
from django.urls import reverse
from django.utils import timezone

from outbox.models import ApiHealth
from sync.models import Lease, SyncRun
from tests.conftest import People
from tests.portal.world import a_cart, a_copper_order, a_line, an_operation
from tests.tracking.order_factory import an_order

LABELS = (
    "outbox.Operation",
    "outbox.ApiHealth",
    "sync.SyncRun",
    "sync.Lease",
    "sessions_app.Cart",
    "sessions_app.Line",
    "tracking.Order",
    "extranet.CopperOrder",
)
WITH_DOCUMENTS = {
    "outbox.Operation": ("payload", "sent", "errors"),
    "sessions_app.Cart": ("draft", "upstream", "typed", "conflicts"),
    "sessions_app.Line": ("draft", "upstream", "typed", "conflicts"),
    "tracking.Order": ("listed",),
    "extranet.CopperOrder": ("draft", "upstream", "typed", "conflicts", "raw"),
}
HOSTILE = "<script>alert(1)</script>"
every_model = pytest.mark.parametrize("label", LABELS)


def a_row(label: str, people: People, number: int) -> models.Model:
    """A row of the model; its number distinguishes it from others."""
    if label == "outbox.ApiHealth":
        return ApiHealth.objects.create(name=f"api-{number}", failure="Unreachable")
    if label == "sync.SyncRun":
        return SyncRun.objects.create(kind="orders", error="Unreachable: no (support reference: abc-1)")
    if label == "sync.Lease":
        until = timezone.now() + timedelta(minutes=5)
        return Lease.objects.create(name=f"sync:{number}", holder=uuid.uuid4(), expires_at=until)
    if label == "tracking.Order":
        return an_order(number, owner=people.sales)
    if label == "extranet.CopperOrder":
        return a_copper_order(people.sales, f"O261122_{number}")
    cart = a_cart(people.sales, f"CART-{number}", team=people.north, confirmed_by=people.sales)
    if label == "sessions_app.Cart":
        return cart
    line = a_line(cart, external_id=f"LINE-{number}", order_reference=f"CMD-{number}")
    return line if label == "sessions_app.Line" else an_operation(cart, line, actor=people.sales)


def address_of(row: type[models.Model] | models.Model, page: str) -> str:
    arguments = [quote(row.pk)] if isinstance(row, models.Model) else []
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=arguments)


def pages_of(row: models.Model) -> list[str]:
    return [address_of(type(row), "changelist"), address_of(row, "change"), address_of(row, "history")]
