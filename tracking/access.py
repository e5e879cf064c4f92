"""Finding an order by its reference. Everyone who works with orders may see all of them."""

from django.http import Http404
from django.utils.translation import gettext as _

from tracking.models import Order


def known_order(reference: str) -> Order:
    """The order with a reference, or with the vendor's own id. Raises Http404 when there is none."""
    found = _named(reference) if reference and "\0" not in reference else None
    if found is None:
        raise Http404(_("No order here has this reference."))
    return found


def _named(reference: str) -> Order | None:
    orders = Order.objects.select_related("owner", "team", "details")
    return orders.filter(reference=reference).first() or orders.filter(upstream_id=reference).first()
