"""The lists of carts and of lines. Filters, sort and page stand in the URL."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from desk.lists import render_list
from sessions_app.lists import CARTS, LINES
from sessions_app.models import Cart, Line


@requires(SALES, BACK_OFFICE)
@require_GET
def carts(request: Request) -> HttpResponseBase:
    visible = Cart.objects.live().visible_to(request.user).select_related("owner", "team")
    return render_list(request, CARTS, visible, {"may_order": request.user.has_role(SALES)})


@requires(SALES, BACK_OFFICE)
@require_GET
def lines(request: Request) -> HttpResponseBase:
    return render_list(
        request, LINES, Line.objects.live().visible_to(request.user).select_related("cart__owner")
    )
