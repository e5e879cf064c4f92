"""Fibre orders and what belongs to them: the mirror of order-tracking.txt, and values computed from it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracking import states
from tracking.querysets import AppointmentQuerySet, OrderQuerySet, StepTimeQuerySet

# The namespace of the orders' ids.
ORDERS = uuid.UUID("6f1d8f0e-1c0a-5d0b-9a52-6c6f35d7b1c4")


def uuid_of(reference: str) -> uuid.UUID:
    """The id of an order in all of Carnet, always the same for the same reference."""
    return uuid.uuid5(ORDERS, reference)


class Order(models.Model):
    """An order: the columns that lists filter, sort and show; its documents are in `OrderDetail`."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True)
    reference = models.CharField(max_length=100, unique=True)
    upstream_id = models.CharField(max_length=100, blank=True)

    # From the list
    state = models.CharField(max_length=60, blank=True)
    order_date = models.DateField()
    modification_date = models.DateTimeField(null=True)
    completion_date = models.DateField(null=True)
    cancellation_date = models.DateField(null=True)
    cancellation_reason = models.TextField(blank=True)
    delivery_lead_time = models.PositiveIntegerField(null=True)
    project_id = models.CharField(max_length=250, blank=True)
    offer_family = models.CharField(max_length=60, blank=True)
    offer_technology = models.CharField(max_length=60, blank=True)
    commitment = models.PositiveIntegerField(null=True)
    site_client = models.CharField(max_length=500, blank=True)
    site_client_2 = models.CharField(max_length=500, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=250, blank=True)
    # The city in the form used by searches: `lists.filters.cities.place_key`.
    city_key = models.CharField(max_length=250, blank=True)
    end_customer_name = models.CharField(max_length=250, blank=True)
    end_customer_name_2 = models.CharField(max_length=250, blank=True)
    created_by = models.CharField(max_length=250, blank=True)

    # From the order's own page
    external_id = models.CharField(max_length=100, blank=True)
    customer_order_name = models.CharField(max_length=250, blank=True)
    service_reference = models.CharField(max_length=100, blank=True)
    enni = models.CharField(max_length=100, blank=True)
    estimated_delivery_date = models.DateField(null=True)
    commitment_end_date = models.DateField(null=True)
    notice_period = models.PositiveIntegerField(null=True)
    monthly_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    # Computed here
    is_open = models.BooleanField(default=True)
    due_on = models.DateField(null=True)
    step = models.CharField(max_length=60, blank=True)
    step_since = models.DateTimeField(null=True)
    stuck_on = models.DateTimeField(null=True)
    notice_on = models.DateField(null=True)
    search = models.TextField(blank=True)

    # When ordered in Carnet
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, related_name="+", db_index=False)
    line_id = models.UUIDField(null=True)

    # For the sync
    listed = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)
    read_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("fibre order")
        verbose_name_plural = _("fibre orders")
        # For each column that lists sort by, (column, id) in which one scan finds a page; for the few values that
        # thousands of orders share, the newest first among them.
        indexes = [
            models.Index(fields=["order_date", "id"], name="order_newest"),
            models.Index(fields=["state", "order_date", "id"], name="order_state"),
            models.Index(fields=["offer_technology", "order_date", "id"], name="order_technology"),
            models.Index(fields=["offer_family", "order_date", "id"], name="order_family"),
            models.Index(fields=["commitment", "order_date", "id"], name="order_commitment"),
            models.Index(fields=["project_id", "order_date", "id"], name="order_project"),
            models.Index(fields=["created_by", "order_date", "id"], name="order_creator"),
            models.Index(fields=["end_customer_name", "id"], name="order_customer"),
            models.Index(fields=["city", "id"], name="order_city"),
            models.Index(fields=["postcode", "id"], name="order_postcode"),
            models.Index(fields=["city_key"], name="order_city_key", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["modification_date", "id"], name="order_modified"),
            models.Index(fields=["completion_date", "id"], name="order_completed"),
            models.Index(fields=["cancellation_date", "id"], name="order_cancelled"),
            models.Index(fields=["estimated_delivery_date", "id"], name="order_estimated"),
            models.Index(fields=["commitment_end_date", "id"], name="order_commitment_end"),
            models.Index(fields=["due_on", "id"], name="order_due_on"),
            models.Index(fields=["step", "id"], name="order_step"),
            models.Index(fields=["stuck_on", "id"], name="order_stuck_on"),
            models.Index(fields=["notice_on", "id"], name="order_notice_on"),
            models.Index(fields=["customer_order_name", "id"], name="order_name"),
            models.Index(fields=["service_reference", "id"], name="order_service"),
            models.Index(fields=["external_id", "id"], name="order_external_id"),
            models.Index(fields=["upstream_id", "id"], name="order_upstream_id"),
            models.Index(fields=["monthly_amount", "id"], name="order_amount"),
            models.Index(fields=["owner", "order_date", "id"], name="order_owner"),
            models.Index(fields=["team", "order_date", "id"], name="order_team"),
            models.Index(fields=["line_id"], name="order_line"),
            models.Index(
                fields=["order_date", "id"], name="order_of_ours", condition=models.Q(line_id__isnull=False)
            ),
            models.Index(fields=["due_at", "is_open"], name="order_due_at"),
            # Orders are counted from this index alone.
            models.Index(fields=["state", "offer_technology"], name="order_counted"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("tracking:order", args=[self.reference])

    @property
    def in_production(self) -> bool:
        return states.in_production(self.state)

    @property
    def is_late(self) -> bool:
        """Whether it is still in production after its expected day."""
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_stuck(self) -> bool:
        """Whether it has been in its step for longer than nine in ten orders of its technology."""
        return self.stuck_on is not None and self.stuck_on < timezone.now()

    @property
    def is_active(self) -> bool:
        return self.state == states.OrderState.ACTIVE


class OrderDetail(models.Model):
    """The vendor's own pages of one order as last read, unknown fields included."""

    order = models.OneToOneField(Order, models.CASCADE, primary_key=True, related_name="details")
    detail = models.JSONField(default=dict)
    history = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    # Why the last reading failed or made no sense, in a sentence; blank when it went well.
    failure = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.order_id)


class StepTime(models.Model):
    """How long an order was in one step that it has left. The whole way to service has a blank step."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="step_times")
    technology = models.CharField(max_length=60, blank=True)
    step = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    days = models.FloatField()

    objects = StepTimeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ended_at"], name="steptime_ended")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.step} {self.days:.1f}"


class LeadTime(models.Model):
    """Median and 90th percentile, in days, of the steps of one kind that ended in a month, or in the last 365 days.

    A roll-up of `StepTime`. `technology` is blank for all together, `month` is its first day, or null for the year.
    """

    technology = models.CharField(max_length=60, blank=True)
    step = models.CharField(max_length=60, blank=True)
    month = models.DateField(null=True)
    count = models.PositiveIntegerField()
    median = models.FloatField()
    p90 = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["month", "technology", "step"], name="leadtime_month")]

    def __str__(self) -> str:
        return f"{self.technology} {self.step} {self.month}: {self.median:.1f}"


class OrderCount(models.Model):
    """How many orders of one technology are in one state. A roll-up maintained by the sync."""

    state = models.CharField(max_length=60, blank=True)
    technology = models.CharField(max_length=60, blank=True)
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["state", "technology"], name="order_count_once")]

    def __str__(self) -> str:
        return f"{self.state} {self.technology}: {self.count}"


class Appointment(models.Model):
    """A planned visit or connection, taken from an order's history (docs/vendor-readings.md, 29)."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="appointments")
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    whole_day = models.BooleanField(default=False)
    is_done = models.BooleanField(default=False)
    text = models.TextField(blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at", "id"], name="appointment_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class Document(models.Model):
    """A document of an order: listed by the vendor, its content kept once somebody has opened it."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=100, blank=True)
    filename = models.CharField(max_length=250)
    listed_at = models.DateTimeField(default=timezone.now)
    content = models.FileField(upload_to="documents/%Y/%m/", blank=True, max_length=250)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    fetched_at = models.DateTimeField(null=True)
    # Why it can't be shown, in a sentence; blank when it can, or nobody has tried.
    trouble = models.TextField(blank=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "filename"], name="document_once_an_order")]

    def __str__(self) -> str:
        return self.filename


class Request(models.Model):
    """A request made on an order (termination, change…), from the vendor's list of requests."""

    upstream_id = models.CharField(max_length=64, unique=True)
    order_reference = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    message = models.TextField(blank=True)
    request_effective_date = models.DateField(null=True)
    creation_date = models.DateTimeField(null=True)
    modification_date = models.DateTimeField(null=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    gone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["creation_date", "id"], name="request_newest"),
            models.Index(fields=["order_reference", "creation_date"], name="request_order"),
            models.Index(fields=["action", "creation_date", "id"], name="request_action"),
            models.Index(fields=["request_effective_date", "id"], name="request_effective"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.order_reference}"


class TerminationReason(models.Model):
    """A reason that the vendor accepts for a termination, in their words and their order."""

    label = models.CharField(max_length=250, unique=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label


class Export(models.Model):
    """An export of all orders made by the vendor, from the request to the file."""

    class State(models.TextChoices):
        REQUESTED = "asked", _("queued")
        RUNNING = "running", _("under way")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    TONES: ClassVar = {
        State.REQUESTED: "info",
        State.RUNNING: "info",
        State.READY: "good",
        State.FAILED: "bad",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    task_id = models.CharField(max_length=100, blank=True)
    started = models.DateTimeField(null=True)
    stopped = models.DateTimeField(null=True)
    # The vendor doesn't accept another export from the account before this moment.
    next_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    content = models.FileField(upload_to="exports/%Y/%m/", blank=True, max_length=250)
    size = models.PositiveBigIntegerField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-requested_at"], name="export_newest")]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def tone(self) -> str:
        return self.TONES.get(self.State(self.state), "")
