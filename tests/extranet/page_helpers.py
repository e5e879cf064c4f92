"""Drafts of copper orders, their pages, and what a browser posts for them."""

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from drafts import editing
from extranet import documents, ingest
from extranet.drafts import actions
from extranet.models import CopperOrder
from outbox.models import ApiHealth
from tests.extranet.order_factory import ready_values
from tests.extranet.products import known_contact, read_products
from tests.sessions_app.page_helpers import HTMX, text_of


def url(name: str, *args: object) -> str:
    return reverse(f"extranet:{name}", args=args)


def outage() -> None:
    """Covage stopped responding a moment ago: pages leave what is pending to the worker."""
    now = timezone.now()
    ApiHealth.objects.update_or_create(name="extranet", defaults={"down_since": now, "tried_at": now})


def draft(by: User, values: dict[str, Any] | None = None, **changes: Any) -> CopperOrder:
    """A draft that was never sent; ready, but for the changes. Its product and contact are known."""
    read_products()
    known_contact()
    return actions.create_order(by, ready_values(**changes) if values is None else values)


def shown_upstream(order: CopperOrder, **changes: Any) -> CopperOrder:
    """The order after a sync in which the vendor showed it with these changes."""
    raw = documents.with_changes({"order_uuid": f"u{order.pk}", "status": "draft"}, order.draft)
    order.upstream_id = raw["order_uuid"]
    order.save()
    ingest.ingest_orders([raw | changes], timezone.now())
    return CopperOrder.objects.get(pk=order.pk)


def posted(order: CopperOrder, **changes: str) -> dict[str, str]:
    """What a browser sends of an order's form: what is in it, with the changes, and what it had shown."""
    texts = editing.texts_of(order)
    fields = {editing.html_name(path): text for path, text in texts.items()}
    seen = {"seen": editing.as_seen(texts)}
    return fields | seen | {name.replace("__", "-"): text for name, text in changes.items()}


def section(order: CopperOrder, **texts: str) -> dict[str, str]:
    """What htmx sends of a section: its fields, and what the page had shown."""
    return {name.replace("__", "-"): text for name, text in texts.items()} | {"seen": posted(order)["seen"]}


def names_in(page: str) -> set[str]:
    """The names of the fields on a page."""
    return {part.partition('"')[0] for part in page.split('name="')[1:]}


def page_of(client: Client, order: CopperOrder, **query: str) -> str:
    """An order's page as this person sees it."""
    response = client.get(url("order", order.uuid), query)
    assert response.status_code == 200
    return text_of(response)


def save(client: Client, order: CopperOrder, data: dict[str, str], *, htmx: bool = False) -> Any:
    """Save a draft's form as a whole, or a section of it as htmx does."""
    return client.post(url("order", order.uuid), data, headers=HTMX if htmx else None)
