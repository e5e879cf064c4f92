"""The queries for orders, step times and appointments."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lists.filters.cities import in_city, place_key
from tracking.states import OrderState

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.models import Appointment, Order, StepTime  # noqa: F401

NOTICE_AHEAD = timedelta(days=90)


def _own(user: "User", prefix: str = "") -> Q:
    """Orders from a person's or their teams' carts, or under their email address."""
    # The teams by their ids: not every database searches its indexes for a subquery in an OR.
    own = Q(**{f"{prefix}owner": user}) | Q(**{f"{prefix}team__in": user.team_ids})
    return own | Q(**{f"{prefix}created_by": user.email}) if user.email else own


class OrderQuerySet(models.QuerySet["Order"]):
    def of(self, user: "User") -> "OrderQuerySet":
        """A person's own orders: from their or their teams' carts, or under their email address."""
        # Each kind by its own index: SQLite reads the whole table for an OR of which one part has many rows.
        orders = self.model._default_manager.order_by().values("pk")
        kinds = [orders.filter(owner=user), orders.filter(team__in=user.team_ids)]
        kinds += [orders.filter(created_by=user.email)] if user.email else []
        return self.filter(pk__in=kinds[0].union(*kinds[1:]))

    def late(self) -> "OrderQuerySet":
        """Still in production after the day on which they were expected."""
        return self.filter(due_on__lt=timezone.localdate())

    def stuck(self) -> "OrderQuerySet":
        """In one step for longer than usual for their technology."""
        return self.filter(stuck_on__lt=timezone.now())

    def notice_due(self) -> "OrderQuerySet":
        """In service, with the last day to give notice within 90 days."""
        today = timezone.localdate()
        return self.filter(notice_on__gte=today, notice_on__lte=today + NOTICE_AHEAD)

    def ordered_here(self) -> "OrderQuerySet":
        """Orders placed through a line of one of Carnet's carts."""
        return self.filter(line_id__isnull=False)

    def named(self, text: str) -> "OrderQuerySet":
        """Orders with exactly this reference: the vendor's, the service's or our own."""
        typed = {text, text.upper()}
        by_vendor = Q(reference__in=typed) | Q(upstream_id__in=typed) | Q(service_reference__in=typed)
        return self.filter(by_vendor | Q(external_id__in=typed)) if text else self.none()

    def in_place(self, text: str) -> "OrderQuerySet":
        """Orders in a postcode, in all that begin with these digits, or in the cities whose names begin so."""
        text = place_key(text)
        if text.isdecimal() and len(text) <= 5:
            return self.filter(postcode__gte=text.ljust(5, "0"), postcode__lte=text.ljust(5, "9"))
        return in_city(self, text)

    def terminating(self) -> "OrderQuerySet":
        return self.filter(state=OrderState.TERMINATE_IN_PROGRESS)

    def to_read(self) -> "OrderQuerySet":
        """Orders whose pages at the vendor's are due to be read, the open ones first."""
        return self.filter(due_at__lte=timezone.now(), gone_at=None).order_by("-is_open", "due_at", "pk")


class StepTimeQuerySet(models.QuerySet["StepTime"]):
    def of(self, user: "User") -> "StepTimeQuerySet":
        """Only of a person's own orders."""
        return self.filter(_own(user, "order__"))


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def of(self, user: "User") -> "AppointmentQuerySet":
        """Only of a person's own orders."""
        return self.filter(_own(user, "order__"))

    def planned(self, first: date, last: date) -> "AppointmentQuerySet":
        """Appointments from one day to another that have not taken place yet, in order of time."""
        start = timezone.make_aware(datetime.combine(first, time.min))
        end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
        return self.filter(at__gte=start, at__lt=end, is_done=False).order_by("at", "id")
