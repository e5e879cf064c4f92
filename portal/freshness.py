"""How old what is shown may be, and whether the vendor can be reached: told on every page."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import BACK_OFFICE
from mirror.models import Reach, SyncRun
from mirror.vendor import COVAGE, reach_of

if TYPE_CHECKING:
    from accounts.models import User

# What is to be told of an outage beside the outage itself, by the class of the error.
REASONS = {
    "OutcomeUnknown": _("They take too long to answer."),
    "ServerError": _("They answer with a fault of their own."),
    "BadAnswer": _("They answer something unreadable."),
    "RateLimited": _("They ask us to wait."),
    "Unauthorized": _("They refuse the portal's account: an administrator has to mend it."),
    "Forbidden": _("They do not allow this to the portal's account: an administrator has to ask them."),
}


CARTS, ORDERS = "carts", "orders"
# Pages of the portal that show orders.
_OF_ORDERS = frozenset({"portal:dashboard", "portal:appointments"})


def kind_shown(request: HttpRequest) -> str:
    """The kind of sync that a page's rows come from."""
    match = request.resolver_match
    is_of_orders = match and (match.app_name == "tracking" or match.view_name in _OF_ORDERS)
    return ORDERS if is_of_orders else CARTS


class Freshness:
    """As of when the mirror is known to be true, and the vendor's health; read only when shown."""

    def __init__(self, user: "User", kind: str = CARTS) -> None:
        self._user = user
        self._kind = kind

    @cached_property
    def in_step_at(self) -> datetime | None:
        """When the newest complete sync of the kind that is shown began."""
        at: datetime | None = SyncRun.objects.in_step_at(self._kind)
        return at

    @property
    def down(self) -> bool:
        return self.down_since is not None

    @property
    def down_since(self) -> datetime | None:
        return self.reach.down_since

    @property
    def message(self) -> str:
        """Why the vendor can't be reached, where there is more to say than that; empty otherwise."""
        return str(REASONS.get(self.reach.failure, "")) if self.down else ""

    @property
    def url(self) -> str:
        """Where to read more, for whoever may."""
        return reverse("portal:operations") if self._user.has_role(BACK_OFFICE) else ""

    @cached_property
    def reach(self) -> Reach:
        return reach_of(COVAGE)
