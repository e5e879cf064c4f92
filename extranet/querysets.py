"""The queries on copper orders, products and contacts."""

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.ownership import mine
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, SALES
from extranet.fields import SERVICE
from extranet.states import DRAFTS, ENNI, SETTLED, Service, Status, Type
from lists.search import by_words

if TYPE_CHECKING:
    from accounts.models import User
    from extranet.models import Contact, CopperOrder, Product  # noqa: F401


# How long before its end a contract term is listed as ending.
AHEAD = timedelta(days=90)
# How long a rejected order is listed as to be ordered again.
LATELY = timedelta(days=30)


class CopperOrderQuerySet(models.QuerySet["CopperOrder"]):
    def live(self) -> "CopperOrderQuerySet":
        return self.filter(deleted_at=None)

    def without_documents(self) -> "CopperOrderQuerySet":
        """For lists: without what no column shows, which is most of a row."""
        documents = ("draft", "upstream", "typed", "conflicts", "refusals", "raw")
        return self.defer(*documents, "search", "city_key")

    def visible_to(self, user: "User") -> "CopperOrderQuerySet":
        """The back office and administrators see all; sales their own drafts, and every order once it is submitted."""
        if user.has_role(BACK_OFFICE):
            return self
        return self.filter(~Q(status__in=DRAFTS) | mine(user)) if user.has_role(SALES) else self.none()

    def editable_by(self, user: "User") -> "CopperOrderQuerySet":
        """Sales change their own; the back office ends services, so it changes terminations, and its own."""
        if ADMINISTRATOR in user.roles:
            return self
        if user.has_role(BACK_OFFICE):
            return self.filter(Q(type=Type.TERMINATE) | mine(user))
        return self.filter(mine(user)) if user.has_role(SALES) else self.none()

    def answerable_by(self, user: "User") -> "CopperOrderQuerySet":
        """The orders whose question the user may answer: the back office all, sales their own."""
        if user.has_role(BACK_OFFICE):
            return self
        return self.filter(mine(user)) if user.has_role(SALES) else self.none()

    def of(self, user: "User") -> "CopperOrderQuerySet":
        """The user's own orders and their teams'."""
        return self.filter(Q(owner=user) | Q(team__in=user.team_ids))

    def drafts(self) -> "CopperOrderQuerySet":
        return self.live().filter(status__in=DRAFTS, submitting_since=None, gone_at=None)

    def ready(self) -> "CopperOrderQuerySet":
        return self.drafts().filter(missing_count=0).exclude(service=Service.ENNI)

    def lacking(self) -> "CopperOrderQuerySet":
        """Drafts in which something is missing."""
        return self.drafts().filter(missing_count__gt=0)

    def in_conflict(self) -> "CopperOrderQuerySet":
        return self.drafts().exclude(conflicts={})

    def unowned(self) -> "CopperOrderQuerySet":
        """Drafts made outside Carnet that nobody has taken yet."""
        return self.drafts().filter(owner=None, team=None).exclude(service=Service.ENNI)

    def under_way(self) -> "CopperOrderQuerySet":
        """Submitted, and not settled yet."""
        return self.live().exclude(status__in=(*DRAFTS, *SETTLED)).filter(gone_at=None)

    def pending(self) -> "CopperOrderQuerySet":
        """Orders about which Covage waits for an answer that nobody has given yet."""
        return self.live().filter(status=Status.PENDING, answering="", gone_at=None)

    def on_hold(self) -> "CopperOrderQuerySet":
        return self.live().filter(status=Status.ON_HOLD, gone_at=None)

    def terminating(self) -> "CopperOrderQuerySet":
        return self.under_way().ending()

    def ending(self) -> "CopperOrderQuerySet":
        """Orders that end a service."""
        return self.filter(type=Type.TERMINATE)

    def settling(self) -> "CopperOrderQuerySet":
        """Orders submitted or answered here that Covage hasn't acted on yet."""
        # Each by its own index: for an OR of both SQLite may read the whole table.
        orders = self.model._default_manager.order_by().values("pk")
        submitted = orders.filter(status__in=DRAFTS, submitting_since__isnull=False)
        answered = orders.filter(status=Status.PENDING).exclude(answering="")
        return self.live().filter(pk__in=submitted.union(answered), gone_at=None)

    def to_reorder(self) -> "CopperOrderQuerySet":
        """Rejected within 30 days, with no order for the same customer in the same city started since."""
        since = timezone.now() - LATELY
        rejected = self.live().filter(status=Status.REJECTED, rejection_date__gte=since, gone_at=None)
        again = self.model._default_manager.filter(
            end_customer_name=OuterRef("end_customer_name"),
            city=OuterRef("city"),
            type=OuterRef("type"),
            created_at__gt=OuterRef("rejection_date"),
            deleted_at=None,
        )
        again = again.exclude(end_customer_name="").exclude(status=Status.REJECTED)
        return rejected.exclude(Exists(again))

    def known_upstream(self) -> "CopperOrderQuerySet":
        return self.filter(upstream_id__isnull=False, gone_at=None)

    def naming(self, contact_uuids: Collection[str]) -> "CopperOrderQuerySet":
        """Unsettled orders that name one of these people as the operator's contact."""
        unsettled = self.live().exclude(status__in=SETTLED).filter(gone_at=None)
        return unsettled.filter(contact_uuid__in=contact_uuids)

    def stale(self) -> list[str]:
        """The upstream ids of orders that changed there and could not be read then."""
        stale = self.filter(is_stale=True, gone_at=None).values_list("upstream_id", flat=True)
        return [str(order_uuid) for order_uuid in stale]

    def in_service(self) -> "CopperOrderQuerySet":
        """Completed activations whose service no completed termination has ended."""
        activated = self.live().filter(type=Type.ACTIVATE, status=Status.COMPLETED)
        return activated.not_ended_by(self._terminations().filter(status=Status.COMPLETED))

    def term_ending(self) -> "CopperOrderQuerySet":
        """In service, with the contract term ending within 90 days, and no termination under way."""
        today = timezone.localdate()
        return self.with_term().filter(term_ends_on__gte=today, term_ends_on__lte=today + AHEAD)

    def with_term(self) -> "CopperOrderQuerySet":
        """Orders whose contract term ends on a known day, with no termination under way."""
        bound = self.live().filter(term_ends_on__isnull=False, gone_at=None)
        not_under_way = (*DRAFTS, Status.REJECTED, Status.CANCELED)
        return bound.not_ended_by(self._terminations().exclude(status__in=not_under_way))

    def not_ended_by(self, terminations: "CopperOrderQuerySet") -> "CopperOrderQuerySet":
        """Orders whose service none of these terminations ends."""
        kept = self
        for name in SERVICE:
            kept = kept.exclude(Exists(terminations.filter(**{name: OuterRef(name)}).exclude(**{name: ""})))
        return kept

    def _terminations(self) -> "CopperOrderQuerySet":
        return self.model._default_manager.filter(type=Type.TERMINATE, deleted_at=None, gone_at=None)

    def of_the_service_of(self, order: "CopperOrder") -> "CopperOrderQuerySet":
        """The orders about the same service as this one, itself included; none if it has no service."""
        names = [(name, getattr(order, name)) for name in SERVICE]
        known = [(name, reference) for name, reference in names if reference]
        return self.filter(Q(*known, _connector=Q.OR)) if known else self.none()

    def named(self, text: str) -> "CopperOrderQuerySet":
        """Orders with exactly this reference: the vendor's, the service's or our own."""
        typed, as_id = {text, text.upper()}, {text, text.lower()}
        by_vendor = Q(alias__in=typed) | Q(upstream_id__in=as_id)
        by_service = Q(service_alias__in=typed) | Q(service_uuid__in=as_id)
        named = by_vendor | by_service | Q(operator_order_ref__in=typed)
        return self.filter(named) if text else self.none()


class ProductQuerySet(models.QuerySet["Product"]):
    def orderable(self) -> "ProductQuerySet":
        """Products that may be ordered here: no ENNI, which Covage orders itself (extranet-orders.txt, note)."""
        return self.filter(gone_at=None).exclude(family=ENNI)


class ContactQuerySet(models.QuerySet["Contact"]):
    def there(self) -> "ContactQuerySet":
        """Contacts deleted neither here nor at Covage."""
        return self.filter(deleted_at=None, gone_at=None)

    def pickable(self) -> "ContactQuerySet":
        """Contacts that an order can name: Covage has them."""
        return self.there().filter(upstream_id__isnull=False)

    def matching(self, text: str) -> "ContactQuerySet":
        """Contacts whose name, numbers or email contain every word of a text."""
        return by_words(self, "search", text)
