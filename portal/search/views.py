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
from portal.search.kinds import KINDS, LINES, ORDERS, SearchKind
from web.badge import Badge

LONGEST_TEXT = 200  # characters
SHOWN = 20  # results of a kind
# How many customers with several results are offered to be shown whole.
CUSTOMERS = 5


@dataclass(frozen=True)
class SearchResults:
    """What was found of a kind, each row with its badge; `more` when that is not all."""

    rows: list[tuple[Any, Badge]]
    more: bool


@requires()
@require_GET
def search(request: AuthenticatedHttpRequest) -> HttpResponse:
    """With `?q=` what has this reference or contains this text, with `?customer=` all of the customer so named."""
    text, customer = (_parameter(request, name) for name in ("q", "customer"))
    if customer:
        results = {
            kind.name: _results(kind, kind.of_customer(request.user, customer)[: SHOWN + 1]) for kind in KINDS
        }
        return _page(request, results, customer=customer)
    if not text:
        return _page(request, {})
    exact = _named(request.user, text)
    named = [row for rows in exact.values() for row in rows]
    if len(named) == 1:
        return redirect(named[0])
    results = {
        kind.name: _results(kind, [*exact[kind.name], *kind.containing(request.user, text)[: SHOWN + 1]])
        for kind in KINDS
    }
    return _page(request, results, text=text)


def _parameter(request: AuthenticatedHttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST_TEXT]


def _page(
    request: AuthenticatedHttpRequest,
    results: dict[str, SearchResults],
    *,
    text: str = "",
    customer: str = "",
) -> HttpResponse:
    context = {
        "text": text,
        "customer": customer,
        "results": results,
        "is_found": any(one.rows for one in results.values()),
        "customers": [] if customer else _with_several(results),
        "shown": SHOWN,
        "has_fibre": is_configured(COVAGE),
        "has_copper": is_configured(EXTRANET),
    }
    return render(request, "portal/search/search.html", context)


def _named(user: User, text: str) -> dict[str, list[Any]]:
    """The rows of each kind that have exactly this reference, by an index each; no more than can be shown.

    A line that became one of these orders is left out: the order's page says more.
    """
    exact = {kind.name: list(kind.named_for(user, text)[:SHOWN]) for kind in KINDS}
    became = {mark for order in exact[ORDERS.name] for mark in (order.line_id, order.upstream_id) if mark}
    exact[LINES.name] = [
        line for line in exact[LINES.name] if line.pk not in became and line.order_reference not in became
    ]
    return exact


def _results(kind: SearchKind, rows: Iterable[Any]) -> SearchResults:
    """The rows, each once, as many as are shown."""
    different = list(dict.fromkeys(rows))
    return SearchResults([(row, kind.badge_of(row)) for row in different[:SHOWN]], len(different) > SHOWN)


def _with_several(results: dict[str, SearchResults]) -> list[str]:
    """The end customers of several of the orders and lines among the results, those with most of them first."""
    of_customers = [results[kind.name].rows for kind in KINDS if kind.customer and kind.name in results]
    rows = [row for some in of_customers for row, _badge in some]
    names = Counter(row.end_customer_name for row in rows if row.end_customer_name)
    return [name for name, number in names.most_common(CUSTOMERS) if number > 1]
