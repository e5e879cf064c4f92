"""How old what is shown may be, and whether the vendor's APIs can be reached: shown on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import BACK_OFFICE
from outbox.apis import COVAGE, EXTRANET, configured
from outbox.models import ApiHealth
from portal.apis import APIS_OF_APPS
from sync.models import SyncRun

if TYPE_CHECKING:
    from accounts.models import User

# What is shown of an outage beside the outage itself, by the class of the error.
REASONS = {
    "OutcomeUnknown": _("They are taking too long to respond."),
    "ServerError": _("They have a fault on their side."),
    "BadAnswer": _("Their responses are unreadable."),
    "RateLimited": _("They have asked Carnet to wait."),
    "Unauthorized": _("They refuse the portal's account: an administrator must fix it."),
    "Forbidden": _("They don't allow the portal's account to do this: an administrator must ask them."),
}

CARTS, ORDERS, COPPER = "carts", "orders", "extranet"
# The kind of sync that says, for each API, how fresh its data is.
KINDS = {COVAGE: CARTS, EXTRANET: COPPER}
# Pages of the portal that show orders.
_OF_ORDERS = frozenset({"portal:dashboard", "portal:appointments"})


@dataclass(frozen=True)
class ApiStatus:
    """Whether an API can be reached, by what was last recorded of it."""

    api: str
    health: ApiHealth

    @property
    def is_down(self) -> bool:
        return self.health.down_since is not None

    @property
    def message(self) -> str:
        """Why it can't be reached, where there is more to say than that; empty otherwise."""
        return str(REASONS.get(self.health.failure, "")) if self.is_down else ""

    @property
    def is_of_extranet(self) -> bool:
        return self.api == EXTRANET

    @cached_property
    def last_synced_at(self) -> datetime | None:
        """When the newest complete sync from this API began."""
        at: datetime | None = SyncRun.objects.last_synced_at(KINDS[self.api])
        return at


class Freshness:
    """When the mirror was last known to be true, and the status of some APIs; read only when shown.

    `kind` is the sync that the rows on the page come from: that of the first API when none is named.
    """

    def __init__(self, user: "User", apis: Sequence[str], kind: str = "") -> None:
        self._user = user
        self._apis = apis
        self._kind = kind or KINDS[apis[0]]

    @classmethod
    def of_page(cls, request: HttpRequest, user: "User") -> "Freshness":
        """The freshness to show on a page: of its own API, or of every configured one where it belongs to none."""
        match = request.resolver_match
        app_name, view_name = (match.app_name, match.view_name) if match else ("", "")
        apis = [APIS_OF_APPS[app_name]] if app_name in APIS_OF_APPS else configured()
        is_of_orders = app_name == "tracking" or view_name in _OF_ORDERS
        return cls(user, apis, ORDERS if is_of_orders and COVAGE in apis else "")

    @cached_property
    def last_synced_at(self) -> datetime | None:
        """When the newest complete sync of the kind that the page shows began."""
        at: datetime | None = SyncRun.objects.last_synced_at(self._kind)
        return at

    @property
    def is_of_extranet(self) -> bool:
        """Whether the rows on the page come from the extranet."""
        return self._kind == COPPER

    @cached_property
    def statuses(self) -> list[ApiStatus]:
        """The status of each of the APIs. One query."""
        known = ApiHealth.objects.in_bulk(self._apis)
        return [ApiStatus(api, known.get(api) or ApiHealth(name=api)) for api in self._apis]

    @property
    def outages(self) -> list[ApiStatus]:
        return [status for status in self.statuses if status.is_down]

    @property
    def url(self) -> str:
        """Where to read more; empty for those who have no access to it."""
        return reverse("portal:operations") if self._user.has_role(BACK_OFFICE) else ""
