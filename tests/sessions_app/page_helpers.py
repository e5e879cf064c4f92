"""Carts and lines in every situation, and what a browser posts for them."""

import json
import uuid
from datetime import datetime
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from drafts import editing
from sessions_app import ingest
from sessions_app.carts import actions as cart_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.sessions_app.cart_factory import ready_values

HUGE = "é" * 100_000
HTMX = {"HX-Request": "true"}
SITE = "related_contact_information"


def url(name: str, *args: object) -> str:
    return reverse(f"sessions_app:{name}", args=args)


def draft(by: User | None, *, team: Team | None = None, **values: Any) -> Cart:
    """A cart that was never sent."""
    if by is None:
        return Cart.objects.create(upstream_id=str(uuid.uuid4()), team=team)
    return cart_actions.create_cart(by, values, team=team)


def ready_line(cart: Cart, by: User, **changes: Any) -> Line:
    return line_actions.add_line(cart.pk, by, values=ready_values(**changes))


def known(cart: Cart, **session: Any) -> Cart:
    """The cart and its lines once the vendor has them exactly as they are here."""
    items = [
        {"id": str(line.pk), "product_order_id": str(cart.pk), "state": "created"} | line.draft
        for line in cart.live_lines()
    ]
    return shown(cart, items=items, **session)


def shown(cart: Cart, *, items: list[dict[str, Any]], at: datetime | None = None, **session: Any) -> Cart:
    """The cart after a sync in which the vendor showed these lines."""
    document = {
        "id": str(cart.pk),
        "external_id": cart.external_id,
        "state": "created",
        "creation_date": timezone.now().isoformat(),
        "product_order_item": items,
    }
    ingest.ingest_details([document | session], at or timezone.now())
    return Cart.objects.get(pk=cart.pk)


def item(line: Line, **changes: Any) -> dict[str, Any]:
    """A line as the vendor shows it."""
    shown: dict[str, Any] = {"id": str(line.pk), "state": "created"} | line.draft | changes
    return shown


def again(line: Line) -> Line:
    return Line.objects.select_related("cart").get(pk=line.pk)


def posted(line: Line, **changes: str) -> dict[str, str]:
    """What a browser sends of a line's form: what is stored, with the changes, and what it had seen."""
    texts = editing.texts_of(line)
    fields = {path.replace(".", "-"): text for path, text in texts.items()}
    return fields | {"seen": editing.as_seen(texts)} | changes


def save_line(client: Client, line: Line, data: dict[str, str], *, htmx: bool = False) -> Any:
    return client.post(url("line", line.pk), data, headers=HTMX if htmx else None)


def section(line: Line, seen: Any = None, **texts: str) -> dict[str, str]:
    """What htmx sends of a section: its fields and what the page had seen."""
    return texts | {"seen": posted(line)["seen"] if seen is None else json.dumps(seen)}


def at_site(index: int, **texts: str) -> dict[str, str]:
    return {f"{SITE}-{index}-{name}": text for name, text in texts.items()}


def site_names(line: Line) -> list[str]:
    """The customers at the sites of a line, in order."""
    return [contact["end_customer_name"] for contact in again(line).draft[SITE]]


def seen_of(page: str) -> dict[str, str]:
    """What a page, or an answer to htmx, says that the person has before them."""
    _before, _mark, rest = page.partition('name="seen" id="seen" value="')
    seen: dict[str, str] = json.loads(unescape(rest.partition('"')[0]))
    return seen


def text_of(response: Any) -> str:
    page: str = response.content.decode()
    return page
