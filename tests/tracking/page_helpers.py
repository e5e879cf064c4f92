"""What a browser does on the pages of requests."""

from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.utils import timezone

from outbox.models import ApiHealth
from tests.tracking.request_forms import REASONS, in_a_year
from tracking.models import Order

HTMX = {"HX-Request": "true"}
# Where a fault meets the next termination that is sent.
POSTING = {"method": "POST", "path": "/terminate/$", "times": 1}


class _Inputs(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "input" and attributes.get("type") == "hidden":
            self.hidden.setdefault(str(attributes["name"]), []).append(attributes.get("value") or "")


def address(order: Order, word: str = "terminate") -> str:
    return f"/orders/{order.reference}/{word}/"


def typed(**changes: Any) -> dict[str, Any]:
    """What a person types for a termination."""
    fields = {
        "reason": REASONS[0],
        "request_effective_date": in_a_year().isoformat(),
        "message": "Fin du bail <b>n° 4</b>",
    }
    return fields | changes


def hidden(response: Any) -> dict[str, list[str]]:
    """The hidden fields of a page."""
    return _Inputs(response.content.decode()).hidden


def text_of(response: Any) -> str:
    page: str = unescape(response.content.decode())
    return page


def reviewed(client: Client, order: Order, word: str = "terminate", **changes: Any) -> dict[str, Any]:
    """Fill in the form of a request and go to its review; what the review's button posts."""
    key = hidden(client.get(address(order, word)))["key"][0]
    response = client.post(address(order, word), typed(key=key, step="review", **changes))
    assert response.status_code == 200, text_of(response)
    sent: dict[str, Any] = {**hidden(response), "step": "send"}
    return sent


def terminate(client: Client, order: Order, **changes: Any) -> Any:
    """Fill in, review, send."""
    return client.post(address(order), reviewed(client, order, **changes), follow=True)


def outage() -> None:
    """Covage stopped responding a moment ago: pages leave what is pending to the worker."""
    now = timezone.now()
    ApiHealth.objects.update_or_create(name="covage", defaults={"down_since": now, "tried_at": now})
