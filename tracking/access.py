"""Who may see an order: everyone who works with orders. One that nobody knows is a 404."""

from django.http import Http404
from django.utils.translation import gettext as _

from tracking.models import Order


def known_order(reference: str) -> Order:
    """The order with a reference, or with the vendor's own id for it. Raises Http404."""
    found = _named(reference) if reference and "\0" not in reference else None
    if found is None:
        raise Http404(_("No order here has this reference."))
    return found


def _named(reference: str) -> Order | None:
    orders = Order.objects.select_related("owner", "team", "details")
    return orders.filter(reference=reference).first() or orders.filter(upstream_id=reference).first()
