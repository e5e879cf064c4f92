"""The questions that pages ask of orders and appointments."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracking.states import OrderState

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.models import Appointment, Order  # noqa: F401

NOTICE_AHEAD = timedelta(days=90)


class OrderQuerySet(models.QuerySet["Order"]):
    def of(self, user: "User") -> "OrderQuerySet":
        """A person's own: ordered from their or their teams' carts, or under their e-mail address."""
        own = Q(owner=user) | Q(team__in=user.teams.values("pk"))
        return self.filter(own | Q(created_by=user.email) if user.email else own)

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

    def terminating(self) -> "OrderQuerySet":
        return self.filter(state=OrderState.TERMINATE_IN_PROGRESS)

    def to_read(self) -> "OrderQuerySet":
        """Those whose pages at the vendor's should be read again by now, the open ones first."""
        return self.filter(due_at__lte=timezone.now(), gone_at=None).order_by("-is_open", "due_at")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def planned(self, first: date, last: date) -> "AppointmentQuerySet":
        """Those of a span of days that have not taken place yet, in their order."""
        start = timezone.make_aware(datetime.combine(first, time.min))
        end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
        return self.filter(at__gte=start, at__lt=end, is_done=False).order_by("at", "id")
