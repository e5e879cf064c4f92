"""What changed lately on the orders that concern a person, in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from accounts.roles import BACK_OFFICE
from desk.models import Change
from desk.sentences import sentences
from tracking.changes import PAGE
from tracking.models import Order

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 8
# A person's own are looked for among so many of the newest.
LOOKED_THROUGH = 2000


@dataclass(frozen=True)
class Row:
    """A change as it reads."""

    change: Change
    sentences: list[str]


def recent_changes(user: "User") -> list[Row]:
    """The newest changes of orders, the newest first; for sales those of their own."""
    changes = Change.objects.filter(page=PAGE).order_by("-id")
    if not user.has_role(BACK_OFFICE):
        newest = changes.values("pk")[:LOOKED_THROUGH]
        own = Order.objects.of(user).filter(uuid=OuterRef("subject_id"))
        changes = changes.filter(Exists(own), pk__in=newest)
    return [Row(change, sentences(change)) for change in changes[:SHOWN]]
