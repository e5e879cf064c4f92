"""The questions that pages ask of copper orders."""

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


# As long before as anybody is told that a term ends.
AHEAD = timedelta(days=90)
# As long as anybody is reminded that an order was rejected.
LATELY = timedelta(days=30)


class CopperOrderQuerySet(models.QuerySet["CopperOrder"]):
    def live(self) -> "CopperOrderQuerySet":
        return self.filter(deleted_at=None)

    def without_documents(self) -> "CopperOrderQuerySet":
        """For lists: without what no column shows, which is most of what a row holds."""
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
        """Whose pending question a person may answer: the back office any, sales that of their own."""
        if user.has_role(BACK_OFFICE):
            return self
        return self.filter(mine(user)) if user.has_role(SALES) else self.none()

    def of(self, user: "User") -> "CopperOrderQuerySet":
        """A person's own and their teams'."""
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
        """Those at which Covage waits for an answer that nobody has given yet."""
        return self.live().filter(status=Status.PENDING, answering="", gone_at=None)

    def held(self) -> "CopperOrderQuerySet":
        return self.live().filter(status=Status.HELD, gone_at=None)

    def terminating(self) -> "CopperOrderQuerySet":
        return self.under_way().ending()

    def ending(self) -> "CopperOrderQuerySet":
        """Those that end a service."""
        return self.filter(type=Type.TERMINATE)

    def settling(self) -> "CopperOrderQuerySet":
        """Those of which something was asked of Covage that they haven't carried out yet."""
        # Each kind by its index: for an OR of both SQLite may read the whole table.
        orders = self.model._default_manager.order_by().values("pk")
        submitted = orders.filter(status__in=DRAFTS, submitting_since__isnull=False)
        answered = orders.filter(status=Status.PENDING).exclude(answering="")
        return self.live().filter(pk__in=submitted.union(answered), gone_at=None)

    def to_reorder(self) -> "CopperOrderQuerySet":
        """Rejected within 30 days, with no order of the same customer in the same city begun since."""
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
        """Those that are not settled and name one of these people as the operator's contact."""
        unsettled = self.live().exclude(status__in=SETTLED).filter(gone_at=None)
        return unsettled.filter(contact_uuid__in=contact_uuids)

    def stale(self) -> list[str]:
        """The ids upstream of those that changed there and could not be read then."""
        stale = self.filter(is_stale=True, gone_at=None).values_list("upstream_id", flat=True)
        return [str(key) for key in stale]

    def in_service(self) -> "CopperOrderQuerySet":
        """The activations whose service is there: completed, and no termination of it is."""
        activated = self.live().filter(type=Type.ACTIVATE, status=Status.COMPLETED)
        return activated.not_ended_by(self._terminations().filter(status=Status.COMPLETED))

    def term_ending(self) -> "CopperOrderQuerySet":
        """In service, with the end of the contract's term within 90 days, and nobody ending it yet."""
        today = timezone.localdate()
        return self.with_term().filter(term_ends_on__gte=today, term_ends_on__lte=today + AHEAD)

    def with_term(self) -> "CopperOrderQuerySet":
        """Those whose contract runs to a day that is known, and that nobody is ending."""
        bound = self.live().filter(term_ends_on__isnull=False, gone_at=None)
        to_nothing = (*DRAFTS, Status.REJECTED, Status.CANCELED)
        return bound.not_ended_by(self._terminations().exclude(status__in=to_nothing))

    def not_ended_by(self, terminations: "CopperOrderQuerySet") -> "CopperOrderQuerySet":
        """Those whose service none of these ends."""
        kept = self
        for name in SERVICE:
            kept = kept.exclude(Exists(terminations.filter(**{name: OuterRef(name)}).exclude(**{name: ""})))
        return kept

    def _terminations(self) -> "CopperOrderQuerySet":
        return self.model._default_manager.filter(type=Type.TERMINATE, deleted_at=None, gone_at=None)

    def of_the_service_of(self, order: "CopperOrder") -> "CopperOrderQuerySet":
        """Those that concern the service of an order, itself among them; none where it has none."""
        names = [(name, getattr(order, name)) for name in SERVICE]
        known = [(name, reference) for name, reference in names if reference]
        return self.filter(Q(*known, _connector=Q.OR)) if known else self.none()

    def named(self, text: str) -> "CopperOrderQuerySet":
        """Those that this very text names: by the vendor's references, the service's or our own."""
        typed, as_id = {text, text.upper()}, {text, text.lower()}
        by_vendor = Q(alias__in=typed) | Q(upstream_id__in=as_id)
        by_service = Q(service_alias__in=typed) | Q(service_uuid__in=as_id)
        named = by_vendor | by_service | Q(operator_order_ref__in=typed)
        return self.filter(named) if text else self.none()


class ProductQuerySet(models.QuerySet["Product"]):
    def orderable(self) -> "ProductQuerySet":
        """Those that may be ordered here: no ENNI, which Covage orders itself (extranet-orders.txt, note)."""
        return self.filter(gone_at=None).exclude(family=ENNI)


class ContactQuerySet(models.QuerySet["Contact"]):
    def there(self) -> "ContactQuerySet":
        """Those that nobody has deleted, neither here nor at Covage."""
        return self.filter(deleted_at=None, gone_at=None)

    def pickable(self) -> "ContactQuerySet":
        """Those that an order can name: Covage knows them."""
        return self.there().filter(upstream_id__isnull=False)

    def matching(self, text: str) -> "ContactQuerySet":
        """Those in whose name, numbers or address every word of a text occurs."""
        return by_words(self, "search", text)
