"""Search: carts, lines, fibre and copper orders by anything that names them, or all of one end customer.

An exact reference leads straight to what it names.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import requires
from outbox.apis import COVAGE, EXTRANET, is_configured
from portal.search.kinds import LINES, ORDERS, SORTS, Sort
from web.badge import Badge

LONGEST = 200
SHOWN = 20
# So many customers of whom several orders were found are offered to be shown whole.
CUSTOMERS = 5


@dataclass(frozen=True)
class Found:
    """What was found of a sort, each row with its badge; `more` when that is not all."""

    rows: list[tuple[Any, Badge]]
    more: bool


@requires()
@require_GET
def search(request: AuthenticatedHttpRequest) -> HttpResponse:
    """With `?q=` what a text names or occurs in, with `?customer=` all of the customer of exactly this name."""
    text, customer = (_asked(request, name) for name in ("q", "customer"))
    if customer:
        found = {
            sort.name: _found(sort, sort.of_customer(request.user, customer)[: SHOWN + 1]) for sort in SORTS
        }
        return _page(request, found, customer=customer)
    if not text:
        return _page(request, {})
    exact = _named(request.user, text)
    named = [row for rows in exact.values() for row in rows]
    if len(named) == 1:
        return redirect(named[0])
    found = {
        sort.name: _found(sort, [*exact[sort.name], *sort.containing(request.user, text)[: SHOWN + 1]])
        for sort in SORTS
    }
    return _page(request, found, text=text)


def _asked(request: AuthenticatedHttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST]


def _page(
    request: AuthenticatedHttpRequest, found: dict[str, Found], *, text: str = "", customer: str = ""
) -> HttpResponse:
    context = {
        "text": text,
        "customer": customer,
        "found": found,
        "is_found": any(one.rows for one in found.values()),
        "customers": [] if customer else _with_several(found),
        "shown": SHOWN,
        "has_fibre": is_configured(COVAGE),
        "has_copper": is_configured(EXTRANET),
    }
    return render(request, "portal/search/search.html", context)


def _named(user: User, text: str) -> dict[str, list[Any]]:
    """What this very text names, by an index each; no more than can be shown.

    A line that became one of these orders is left out: the order tells more.
    """
    exact = {sort.name: list(sort.named_for(user, text)[:SHOWN]) for sort in SORTS}
    became = {mark for order in exact[ORDERS.name] for mark in (order.line_id, order.upstream_id) if mark}
    exact[LINES.name] = [
        line for line in exact[LINES.name] if line.pk not in became and line.order_reference not in became
    ]
    return exact


def _found(sort: Sort, rows: Iterable[Any]) -> Found:
    """The rows, each once, as many as are shown."""
    different = list(dict.fromkeys(rows))
    return Found([(row, sort.badge_of(row)) for row in different[:SHOWN]], len(different) > SHOWN)


def _with_several(found: dict[str, Found]) -> list[str]:
    """The end customers of several of the orders and lines that were found, those with most of them first."""
    of_customers = [found[sort.name].rows for sort in SORTS if sort.customer and sort.name in found]
    rows = [row for some in of_customers for row, _badge in some]
    names = Counter(row.end_customer_name for row in rows if row.end_customer_name)
    return [name for name, number in names.most_common(CUSTOMERS) if number > 1]
