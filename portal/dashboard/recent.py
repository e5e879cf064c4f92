"""The latest changes of the orders that concern a user, fibre and copper alike, in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from accounts.roles import BACK_OFFICE
from extranet.models import CopperOrder
from extranet.orders import changes as copper
from notifications.changes.sentences import sentences
from notifications.models import Change
from outbox.apis import COVAGE, EXTRANET
from portal.apis import is_there
from tracking.models import Order
from tracking.orders import changes as fibre

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 8  # changes
# Among how many of the newest changes a user's own are looked for.
LOOKED_THROUGH = 2000
PAGES = {COVAGE: fibre.PAGE, EXTRANET: copper.PAGE}


@dataclass(frozen=True)
class ChangeRow:
    """A change as people read it."""

    change: Change
    sentences: list[str]


def recent_changes(user: "User") -> list[ChangeRow]:
    """The newest changes of orders, the newest first; for sales those of their own."""
    pages = [page for api, page in PAGES.items() if is_there(api)]
    changes = Change.objects.filter(page__in=pages).order_by("-id")
    if not user.has_role(BACK_OFFICE):
        newest = changes.values("pk")[:LOOKED_THROUGH]
        orders = Order.objects.of(user).filter(uuid=OuterRef("subject_id"))
        copper_orders = CopperOrder.objects.live().of(user).filter(uuid=OuterRef("subject_id"))
        changes = changes.filter(Exists(orders) | Exists(copper_orders), pk__in=newest)
    return [ChangeRow(change, sentences(change)) for change in changes[:SHOWN]]
