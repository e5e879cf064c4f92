"""Carts and order lines, the vendor's reference data, and the labels of options."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from covage.moments import moment
from drafts.merge import Flat, differences, is_blank, unflatten
from drafts.models import Draft, own_reference
from drafts.readiness import Missing, once, problems
from lists.search import normalised
from sessions_app import fields
from sessions_app.lines import readiness
from sessions_app.querysets import DRAFTS, SOON, CartQuerySet, LineQuerySet
from sessions_app.states import CartState, LineState

DRAFT_DAYS = 90  # for which the vendor keeps a draft


class Cart(Draft):
    """A cart: the vendor's order session, and what is ours about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="carts", verbose_name=_("owner")
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="carts", verbose_name=_("team")
    )
    external_id = models.CharField(max_length=100, blank=True)
    project_id = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=40, blank=True)
    creation_date = models.DateTimeField(null=True)
    order_date = models.DateTimeField(null=True)
    completion_date = models.DateTimeField(null=True)
    cancellation_date = models.DateTimeField(null=True)
    missing_count = models.PositiveIntegerField(default=1)
    checked_at = models.DateTimeField(null=True)
    search = models.TextField(blank=True)
    confirming_since = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)

    objects = CartQuerySet.as_manager()
    field_set: ClassVar = fields.CART

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        indexes = [
            models.Index(fields=["-created_at", "id"], name="cart_newest"),
            models.Index(fields=["external_id"], name="cart_external_id"),
            models.Index(fields=["state", "-created_at"], name="cart_state"),
            models.Index(fields=["owner", "-created_at"], name="cart_owner_newest"),
            models.Index(fields=["team", "-created_at"], name="cart_team_newest"),
        ]

    def __str__(self) -> str:
        return self.external_id or self.upstream_id or str(self.id)

    def get_absolute_url(self) -> str:
        return reverse("sessions_app:cart", args=[self.id])

    def snapshot(self) -> Flat:
        return {"state": self.state} | super().snapshot()

    def reflect(self) -> None:
        """Set the columns that follow from the documents. Unsaved."""
        if not self.draft.get("external_id") and not self.upstream_id:
            self.draft["external_id"] = own_reference(self.id)
        self.external_id = str(self.draft.get("external_id") or "")[:100]
        self.project_id = str(self.draft.get("project_id") or "")[:250]
        self.search = normalised(f"{self.external_id} {self.project_id}")
        self.state = str(self.upstream.get("state") or self.state)[:40]
        for name in ("creation_date", "order_date", "completion_date", "cancellation_date"):
            setattr(self, name, moment(self.upstream.get(name)) or getattr(self, name))

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed: not confirmed, not about to be, not gone."""
        return self.state in DRAFTS and not self.confirming_since and not self.deleted_at and not self.gone_at

    @property
    def is_ready(self) -> bool:
        return self.is_draft and self.missing_count == 0

    @property
    def is_settling(self) -> bool:
        """Whether the vendor is still working on it, so that it is worth reading again soon."""
        return self.state == CartState.IN_PROGRESS or self.is_confirming

    @property
    def is_confirming(self) -> bool:
        """Whether someone confirmed it here and the vendor hasn't accepted or refused it yet."""
        return bool(self.confirming_since) and self.state in DRAFTS

    def live_lines(self) -> "models.QuerySet[Line]":
        return self.lines.live().order_by("created_at", "id")


class Line(Draft):
    """An order line: one access to be ordered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    reorder_of = models.OneToOneField("self", models.SET_NULL, null=True, related_name="reordered_as")
    external_id = models.CharField(max_length=100, blank=True)
    end_customer_name = models.CharField(max_length=250, blank=True)
    customer_order_name = models.CharField(max_length=250, blank=True)
    product_offering_id = models.CharField(max_length=250, blank=True)
    city = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=40, blank=True)
    order_reference = models.CharField(max_length=100, blank=True)
    temporary_reference = models.CharField(max_length=100, blank=True)
    creation_date = models.DateTimeField(null=True)
    order_date = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    scheduled_delivery_date = models.DateField(null=True)
    missing_count = models.PositiveIntegerField(default=0)
    search = models.TextField(blank=True)
    deleted_at = models.DateTimeField(null=True)

    objects = LineQuerySet.as_manager()
    field_set: ClassVar = fields.LINE

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        indexes = [
            models.Index(fields=["-created_at", "id"], name="line_newest"),
            models.Index(fields=["cart", "created_at"], name="line_cart"),
            models.Index(fields=["external_id"], name="line_external_id"),
            models.Index(fields=["order_reference"], name="line_order_reference"),
            models.Index(fields=["state", "-created_at"], name="line_state"),
            models.Index(fields=["expires_on"], name="line_expires", condition=Q(state__in=["", "created"])),
        ]

    def __str__(self) -> str:
        return self.end_customer_name or self.order_reference or self.external_id

    def get_absolute_url(self) -> str:
        return reverse("sessions_app:line", args=[self.id])

    @property
    def subject_key(self) -> uuid.UUID:
        return self.cart_id

    def snapshot(self) -> Flat:
        return {"state": self.state} | super().snapshot()

    def reflect(self) -> None:
        """Set the columns that follow from the documents, and count what is missing. Unsaved."""
        if not self.draft.get("external_id") and not self.upstream_id:
            self.draft["external_id"] = own_reference(self.id)
        for name, most in {
            "external_id": 100,
            "end_customer_name": 250,
            "customer_order_name": 250,
            "product_offering_id": 250,
        }.items():
            setattr(self, name, str(self.draft.get(name) or "")[:most])
        for name, most in {"state": 40, "order_reference": 100, "temporary_reference": 100}.items():
            setattr(self, name, str(self.upstream.get(name) or getattr(self, name))[:most])
        self.creation_date = moment(self.upstream.get("creation_date")) or self.creation_date
        self.order_date = moment(self.upstream.get("order_date")) or self.order_date
        self.scheduled_delivery_date = _day(self.draft.get("scheduled_delivery_date"))
        self.expires_on = _day(self.upstream.get("expiration_date")) or self._ninety_days_on()
        self.city = str(
            next((c.get("city") for c in self.draft.get(fields.CONTACTS) or [] if c.get("city")), "")
        )[:250]
        self.missing_count = len(self.missing()) if self.state in DRAFTS else 0
        self.search = normalised(self._searchable())

    def merge_upstream(self, answer: dict[str, Any], at: datetime, **how: Any) -> bool:
        """Merge as any draft does; but fields that can no longer be changed take the vendor's value."""
        if not super().merge_upstream(answer, at, **how):
            return False
        theirs, fixed = self.flat_upstream, self.locked_fields() & self.upstream.keys()
        fixed &= set(differences(self.flat_draft, theirs))
        if fixed:
            self.draft = unflatten(self.flat_draft | {path: theirs.get(path) for path in fixed})
            self.conflicts = {
                path: conflict for path, conflict in self.conflicts.items() if path not in fixed
            }
        return True

    def missing(self) -> list[Missing]:
        """Everything still missing before this line can be confirmed."""
        items = [
            *problems(self.field_set, self.conflicts, self.refusals, self.draft),
            *readiness.missing(
                self.draft, edition=settings.COVAGE_EDITION, typed=self.typed, upstream=self.upstream
            ),
        ]
        if expired := readiness.expiry(self.expires_on, timezone.localdate()):
            items.insert(0, expired)
        return once(items)

    @property
    def counted(self) -> int | None:
        """How much is missing in it, as its cart counts it; None for a line that is deleted or gone."""
        return None if self.deleted_at or self.gone_at else self.missing_count

    @property
    def is_editable(self) -> bool:
        return self.state in DRAFTS and not self.deleted_at and not self.gone_at and self.cart.is_draft

    @property
    def is_creatable(self) -> bool:
        """Whether the vendor would accept the line as a draft."""
        return readiness.is_creatable(self.draft)

    @property
    def is_rejected(self) -> bool:
        return self.state == LineState.REJECTED_CREATION

    @property
    def is_quoted(self) -> bool:
        """Whether a quotation locks five of its fields. Known by the quotation that the vendor holds."""
        return not is_blank(self.upstream.get("quote_item_id"))

    def locked_fields(self) -> frozenset[str]:
        """The fields that can't be changed any more, even where others can."""
        if not self.upstream_id:
            return frozenset()
        return fields.ONLY_AT_CREATION | (fields.QUOTED if self.is_quoted else frozenset())

    @property
    def expires_soon(self) -> bool:
        return self.expires_on is not None and self.expires_on <= timezone.localdate() + SOON

    def _ninety_days_on(self) -> date | None:
        """The day on which it expires, computed for a line whose document doesn't have it."""
        since = self.creation_date or (self.created_at if self.upstream_id else None)
        return timezone.localtime(since).date() + timedelta(days=DRAFT_DAYS) if since else None

    def _searchable(self) -> str:
        """Everything by which a person may search for a line."""
        words: list[Any] = [
            self.external_id,
            self.order_reference,
            self.temporary_reference,
            self.end_customer_name,
            self.customer_order_name,
            self.product_offering_id,
            self.draft.get("enni"),
            self.draft.get("project_id"),
            self.draft.get("note"),
        ]
        for contact in self.draft.get(fields.CONTACTS) or []:
            words += [
                contact.get(n) for n in ("end_customer_name", "siret", "street_name", "postcode", "city")
            ]
        return " ".join(str(word) for word in words if word)


def _day(value: Any) -> date | None:
    found = moment(value) if isinstance(value, str) else None
    return timezone.localtime(found).date() if found else None


class Reference(models.Model):
    """One entry of the vendor's reference data: a project or an ENNI, as the vendor gave it."""

    class Kind(models.TextChoices):
        PROJECT = "project", _("project")
        ENNI = "enni", "ENNI"

    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=100)
    label = models.CharField(max_length=250, blank=True)
    active = models.BooleanField(default=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("code",)
        indexes = [models.Index(fields=["kind", "active", "code"], name="reference_pick")]

    def __str__(self) -> str:
        return self.code


class Option(models.Model):
    """What an option's number means, where an order or the documentation says so."""

    option_id = models.CharField(max_length=40, primary_key=True)
    label = models.CharField(max_length=250)

    class Meta:
        ordering = ("option_id",)

    def __str__(self) -> str:
        return f"{self.option_id} {self.label}"
