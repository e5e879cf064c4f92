"""Search: carts and lines by anything that names them. An exact reference leads straight to what it names."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import Request
from accounts.roles import requires
from sessions_app.filters import CartFilter, LineFilter
from sessions_app.models import Cart, Line
from sessions_app.pages import badge_of
from sessions_app.states import line_badge

if TYPE_CHECKING:
    from sessions_app.querysets import CartQuerySet, LineQuerySet

Found = TypeVar("Found")
LONGEST = 200
SHOWN = 20


@requires()
@require_GET
def search(request: Request) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    if not text:
        return render(request, "portal/search.html", {"text": ""})
    exact_carts, exact_lines = _named(request.user, text)
    named: list[Cart | Line] = [*exact_carts, *exact_lines]
    if len(named) == 1:
        return redirect(named[0])
    carts, more_carts = _first(exact_carts, _carts_containing(request.user, text))
    lines, more_lines = _first(exact_lines, _lines_containing(request.user, text))
    context = {
        "text": text,
        "carts": [(cart, badge_of(cart)) for cart in carts],
        "lines": [(line, line_badge(line.state)) for line in lines],
        "more_carts": more_carts,
        "more_lines": more_lines,
        "shown": SHOWN,
    }
    return render(request, "portal/search.html", context)


def _named(user: User, text: str) -> tuple[list[Cart], list[Line]]:
    """The carts and lines that this very text names, by an index each; no more than can be shown."""
    as_typed = {text, text.upper()}
    upstream = Q(upstream_id__in={text, text.lower()})
    of_a_line = Q(order_reference__in=as_typed) | Q(external_id__in=as_typed) | upstream
    carts = _carts(user).filter(Q(external_id__in=as_typed) | upstream)
    return list(carts[:SHOWN]), list(_lines(user).filter(of_a_line)[:SHOWN])


def _carts_containing(user: User, text: str) -> list[Cart]:
    """As the list of carts filters, so that "more" leads to the same ones."""
    return list(CartFilter({"q": text}, _carts(user)).qs[: SHOWN + 1])


def _lines_containing(user: User, text: str) -> list[Line]:
    return list(LineFilter({"search": text}, _lines(user)).qs[: SHOWN + 1])


def _first(exact: list[Found], containing: list[Found]) -> tuple[list[Found], bool]:
    """The exact ones, then the others, as many as are shown; and whether there are more."""
    found = list(dict.fromkeys([*exact, *containing]))
    return found[:SHOWN], len(found) > SHOWN


def _carts(user: User) -> "CartQuerySet":
    return Cart.objects.live().visible_to(user).select_related("owner").order_by("-created_at", "id")


def _lines(user: User) -> "LineQuerySet":
    return Line.objects.live().visible_to(user).select_related("cart").order_by("-created_at", "id")
