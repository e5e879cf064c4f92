"""The queries of carts and lines: who may see and change them, and which ones pages and syncs need."""

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.ownership import mine
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, SALES
from lists.search import by_words
from sessions_app.states import CartState, LineState

if TYPE_CHECKING:
    from accounts.models import User
    from sessions_app.models import Cart, Line  # noqa: F401

# How near its end a draft counts as expiring soon.
SOON = timedelta(days=14)
# The states of a draft: those of ours that the vendor doesn't have yet have none.
DRAFTS = ("", CartState.CREATED.value)


class CartQuerySet(models.QuerySet["Cart"]):
    def live(self) -> "CartQuerySet":
        return self.filter(deleted_at=None)

    def visible_to(self, user: "User") -> "CartQuerySet":
        """Sales see own and team carts, the back office and administrators all."""
        if user.has_role(BACK_OFFICE):
            return self
        return self.filter(mine(user)) if user.has_role(SALES) else self.none()

    def editable_by(self, user: "User") -> "CartQuerySet":
        """Sales change what they see; the back office reads only."""
        if ADMINISTRATOR in user.roles:
            return self
        return self.filter(mine(user)) if user.has_role(SALES) else self.none()

    def drafts(self) -> "CartQuerySet":
        return self.live().filter(state__in=DRAFTS, confirming_since=None, gone_at=None)

    def ready(self) -> "CartQuerySet":
        return self.drafts().filter(missing_count=0)

    def settling(self) -> "CartQuerySet":
        """The carts that the vendor is still working on."""
        return self.live().filter(
            Q(state=CartState.IN_PROGRESS) | Q(state__in=DRAFTS, confirming_since__isnull=False), gone_at=None
        )

    def in_conflict(self) -> "CartQuerySet":
        """Drafts with a conflict, their own or a line's, that a person has to settle."""
        # By way of the model, which imports this module.
        of_carts: Any = self.model._meta.get_field("lines").related_model
        lines = of_carts.objects.live().filter(state__in=DRAFTS, gone_at=None).exclude(conflicts={})
        return self.drafts().filter(~Q(conflicts={}) | Q(pk__in=lines.values("cart")))

    def unowned(self) -> "CartQuerySet":
        """Drafts created outside Carnet that nobody has taken yet."""
        return self.drafts().filter(owner=None, team=None)

    def open_upstream(self) -> "CartQuerySet":
        """The carts that exist at the vendor and may still change there."""
        return self.filter(
            state__in=["", CartState.CREATED, CartState.IN_PROGRESS], upstream_id__isnull=False, gone_at=None
        )


class LineQuerySet(models.QuerySet["Line"]):
    def live(self) -> "LineQuerySet":
        return self.filter(deleted_at=None)

    def visible_to(self, user: "User") -> "LineQuerySet":
        if user.has_role(BACK_OFFICE):
            return self.filter(cart__deleted_at=None)
        return (
            self.filter(mine(user, "cart__"), cart__deleted_at=None) if user.has_role(SALES) else self.none()
        )

    def editable_by(self, user: "User") -> "LineQuerySet":
        if ADMINISTRATOR in user.roles:
            return self
        return self.filter(mine(user, "cart__")) if user.has_role(SALES) else self.none()

    def drafts(self) -> "LineQuerySet":
        return self.live().filter(state__in=DRAFTS, cart__state__in=DRAFTS, gone_at=None)

    def expiring(self) -> "LineQuerySet":
        """Drafts within a fortnight of their 90-day end, or past it."""
        return self.drafts().filter(expires_on__lte=timezone.localdate() + SOON)

    def rejected(self) -> "LineQuerySet":
        return self.live().filter(state=LineState.REJECTED_CREATION)

    def ordered_as(self, references: Collection[str]) -> "LineQuerySet":
        """The lines that became the orders with these references (docs/vendor-readings.md, 7)."""
        return self.live().filter(order_reference__in=references).exclude(order_date=None)

    def to_reorder(self) -> "LineQuerySet":
        """The rejected lines that no other replaces: none was created, or it was deleted before it was ordered."""
        return self.rejected().filter(Q(reordered_as=None) | Q(reordered_as__in=self.model.objects.away()))

    def away(self) -> "LineQuerySet":
        """The lines deleted here, alone or with their cart, that the vendor doesn't have either."""
        deleted = Q(deleted_at__isnull=False) | Q(cart__deleted_at__isnull=False)
        return self.filter(deleted, Q(upstream_id=None) | Q(gone_at__isnull=False))

    def containing(self, text: str) -> "LineQuerySet":
        """The lines in which every word of a text occurs."""
        return by_words(self, "search", text)
