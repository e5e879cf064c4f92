"""The copper order: its documents, the columns that follow from them, and what may be done with it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from covage.moments import moment
from drafts.merge import Document, Flat, same
from drafts.models import Draft, own_reference
from drafts.readiness import Missing
from extranet import documents, fields, states
from extranet.drafts import readiness
from extranet.drafts.applicability import family_of, is_given, months_of_term, names_a_service
from extranet.drafts.facts import facts_of, with_twins
from extranet.drafts.readiness import NOT_ACCEPTED, CheckedDraft, Facts
from extranet.fields import CONTACT, SERVICE
from extranet.models import searching
from extranet.models.indexes import INDEXES
from extranet.models.reference import Product
from extranet.querysets import CopperOrderQuerySet
from extranet.states import DRAFTS, Service, Status, Type
from lists.filters.cities import place_key
from lists.search import normalised
from web.months import months_after

DATES = (
    "creation_date",
    "modification_date",
    "submission_date",
    "acknowledged_date",
    "processing_date",
    "held_date",
    "completion_date",
    "cancellation_date",
    "rejection_date",
)
# (column, name in our documents): what lists filter, sort and show.
_COLUMNS = (
    ("type", "type"),
    ("activation_type", "activation_type"),
    ("product_code", "product.code"),
    ("operator_order_ref", "operator_order_ref"),
    ("operator_order_name", "operator_order_name"),
    ("city", "address.city"),
    ("enni_service_ref", "enni.enni_service_ref"),
    ("batch_alias", "batch_alias"),
    ("service_alias", "service_alias"),
    ("service_uuid", "service_uuid"),
    ("contact_uuid", CONTACT),
)


class CopperOrder(Draft):
    """A copper order: a draft, and once it is submitted what Covage shows of it.

    `raw` is the vendor's whole document as last read; `upstream` holds what our fields name of it.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    raw = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="copper_orders",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="copper_orders",
        verbose_name=_("team"),
    )

    status = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=10, blank=True)
    activation_type = models.CharField(max_length=40, blank=True)
    alias = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    product_code = models.CharField(max_length=40, blank=True)
    product_name = models.CharField(max_length=250, blank=True)
    product_family = models.CharField(max_length=40, blank=True)
    operator_order_ref = models.CharField(max_length=100, blank=True)
    operator_order_name = models.CharField(max_length=250, blank=True)
    end_customer_name = models.CharField(max_length=250, blank=True)
    city = models.CharField(max_length=250, blank=True)
    # The city as it is searched: `lists.filters.cities.place_key`.
    city_key = models.CharField(max_length=250, blank=True)
    enni_service_ref = models.CharField(max_length=100, blank=True)
    batch_alias = models.CharField(max_length=40, blank=True)
    service_alias = models.CharField(max_length=40, blank=True)
    service_uuid = models.CharField(max_length=64, blank=True)
    contact_uuid = models.CharField(max_length=64, blank=True)
    creation_date = models.DateTimeField(null=True)
    modification_date = models.DateTimeField(null=True)
    submission_date = models.DateTimeField(null=True)
    acknowledged_date = models.DateTimeField(null=True)
    processing_date = models.DateTimeField(null=True)
    held_date = models.DateTimeField(null=True)
    completion_date = models.DateTimeField(null=True)
    cancellation_date = models.DateTimeField(null=True)
    rejection_date = models.DateTimeField(null=True)
    # The last day of an activation's contract term, from its completion (docs/vendor-readings.md, the extranet).
    term_ends_on = models.DateField(null=True)
    search = models.TextField(blank=True)

    missing_count = models.PositiveIntegerField(default=0)
    # When it was submitted here, and which answer was given to its question, until Covage has accepted that.
    submitting_since = models.DateTimeField(null=True)
    answering = models.CharField(max_length=10, blank=True)
    checked_at = models.DateTimeField(null=True)
    # Whether it changed at Covage and could not be read: the next sync reads it again.
    is_stale = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)

    # Documents of products by code, as far as looked up: set at once by callers with many orders.
    products: Mapping[str, Mapping[str, Any]] = {}

    objects = CopperOrderQuerySet.as_manager()
    field_set: ClassVar = fields.ORDER
    KEY: ClassVar = "uuid"

    class Meta:
        verbose_name = _("copper order")
        verbose_name_plural = _("copper orders")
        indexes = INDEXES

    def __str__(self) -> str:
        return self.alias or self.operator_order_name or self.operator_order_ref

    def get_absolute_url(self) -> str:
        return reverse("extranet:order", args=[self.uuid])

    def snapshot(self) -> Flat:
        return {"state": self.status} | super().snapshot()

    @staticmethod
    def id_in(document: Document) -> str:
        return str(document["order_uuid"])

    def merge_raw(
        self,
        raw: Document,
        at: datetime,
        *,
        offered: Document | None = None,
        in_part: bool = False,
    ) -> bool:
        """Merge the vendor's document, true as of `at`, and reflect it. Unsaved. Returns whether it was new.

        What a whole document leaves out is gone; with `in_part`, as in a list, it is unknown.
        """
        is_new = self.merge_document(raw, at, offered=offered, in_part=in_part)
        if is_new:
            self.reflect()
        return is_new

    def merge_document(
        self, raw: Document, at: datetime, *, offered: Document | None = None, in_part: bool = False
    ) -> bool:
        """The same without reflecting it, for callers that change more first."""
        if any(known and at < known for known in (self.seen_at, self.gone_at)):
            return False
        raw = documents.merge_partial(self.raw, raw) if in_part else dict(raw)
        if raw == self.raw and not self.gone_at:
            return False
        self.merge_upstream(documents.read(raw), at, offered=offered, whole=True)
        self.raw, self.seen_at, self.gone_at = raw, at, None
        return True

    @property
    def unsent(self) -> list[str]:
        """As for any draft, without the paths that Covage was sent and did not accept, and what they set themselves."""
        left = self.not_accepted | {path for path in self.flat_draft if is_given(path, self.draft)}
        return [path for path in super().unsent if path not in left]

    @property
    def not_accepted(self) -> set[str]:
        """The paths at which the vendor left out or changed what it was sent, and that are still the same here."""
        ours, differing = self.flat_draft, super().unsent
        refused = [refusal for refusal in self.refusals if refusal["code"] == NOT_ACCEPTED]
        return {
            refusal["path"]
            for refusal in refused
            if refusal["path"] in differing and same(refusal["held"], ours.get(refusal["path"]))
        }

    def reflect(self) -> None:
        """Set the columns from the documents, and count what is missing. Unsaved."""
        self.status = _text(self.raw.get("status"), 40) or self.status
        self._refer()
        if self.status not in DRAFTS:
            self.submitting_since = None
        if self.status != Status.PENDING:
            self.answering = ""
        shown = self.shown
        self._reflect_product(_text(shown.get("product.code"), 40))
        for column, name in _COLUMNS:
            self._set(column, shown.get(name))
        for name in ("alias", "origin"):
            self._set(name, self.raw.get(name))
        self.city_key = place_key(self.city)[:250]
        self._set("end_customer_name", _customer(shown))
        for name in DATES:
            setattr(self, name, moment(self.raw.get(name)))
        self.term_ends_on = self._term_end()
        self.search = normalised(searching.words_of(self))
        self.recount()

    def recount(self, facts: Facts | None = None) -> None:
        """Count what is missing, also in a draft that is deleted or being submitted: it may come back. Unsaved."""
        is_ours = self.status in DRAFTS and not self.is_enni
        self.missing_count = len(self.missing(facts)) if is_ours else 0

    def _refer(self) -> None:
        """Give a draft that is to be sent a reference, by which it is found at Covage after a lost answer."""
        is_ours = not self.upstream_id or bool(self.unsent)
        if self.status in DRAFTS and is_ours and not self.draft.get("operator_order_ref"):
            self.draft["operator_order_ref"] = own_reference(self.uuid)

    def _reflect_product(self, code: str) -> None:
        """Set the product's name and family; where they are unknown, those known of the same product stay."""
        product, is_same = self.raw_product, code == self.product_code
        self._set("product_name", product.get("name") or (self.product_name if is_same else ""))
        self._set("product_family", family_of(product) or (self.product_family if is_same else ""))
        self.service = self._service()

    def _set(self, column: str, value: Any) -> None:
        declared = type(self)._meta.get_field(column)
        most = declared.max_length if isinstance(declared, models.CharField) else None
        setattr(self, column, _text(value, most))

    def _service(self) -> str:
        """The type of its service. A draft of ours that names an ENNI's product is still not one of Covage's orders."""
        if self.raw.get("pop"):
            return Service.ENNI.value
        is_product_known = self.shown.get("product.code") == self.upstream.get("product.code")
        kind = states.service_of(self.product_family) if is_product_known else Service.COLLECT.value
        return kind if self.product_family else ""

    @property
    def shown(self) -> Document:
        """Ours while it is a draft, else theirs, by our field names."""
        shown: Document = self.draft if self.status in DRAFTS else self.upstream
        return shown

    @property
    def raw_product(self) -> Mapping[str, Any]:
        """The product's document, from the order or else from the list of products; {} if neither has it."""
        code, raw = self.shown.get("product.code"), self.raw.get("product")
        is_whole = isinstance(raw, Mapping) and raw.get("code") == code and raw.get("line")
        return raw if is_whole else self.product_offered

    @property
    def product_offered(self) -> Mapping[str, Any]:
        """The product's document in the list of products, with its options; {} if it isn't there."""
        code = str(self.shown.get("product.code") or "")
        if code not in self.products:
            product = Product.objects.filter(code=code).first() if code else None
            self.products = {**self.products, code: product.document if product else {}}
        return self.products[code]

    @property
    def product_known(self) -> Mapping[str, Any]:
        """The product's document in the list of products, or as far as the order shows it; {} if neither has it."""
        return self.product_offered or self.raw_product

    def missing(self, facts: Facts | None = None) -> list[Missing]:
        """Everything missing in this draft for its submission; `facts` are looked up if not given."""
        facts = facts or facts_of([self], CopperOrder.objects.all())[self.uuid]
        self.products = {**self.products, str(self.shown.get("product.code") or ""): facts.product}
        checked = CheckedDraft(self.draft, self.product_known, facts, self.not_accepted)
        return readiness.missing(checked, typed=self.typed, conflicts=self.conflicts, refusals=self.refusals)

    def locked_fields(self) -> frozenset[str]:
        """The type of order, and the service that a termination ends once that is settled."""
        return frozenset({"type"} if self.wants_a_service else {"type", *SERVICE})

    @property
    def wants_a_service(self) -> bool:
        """Whether it is a termination that names no service, or one that Covage refused."""
        if not self.is_termination or self.upstream_id:
            return False
        is_refused = any(refusal["path"] in SERVICE for refusal in self.refusals)
        return is_refused or not names_a_service(self.draft)

    @property
    def is_enni(self) -> bool:
        """Whether it is Covage's own order of a collection door, which can only be read (extranet-orders.txt, note)."""
        return self.service == Service.ENNI

    @property
    def is_termination(self) -> bool:
        return self.type == Type.TERMINATE

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed: not submitted or being submitted, not gone, and not Covage's own."""
        is_away = self.deleted_at or self.gone_at or self.submitting_since
        return self.status in DRAFTS and not is_away and not self.is_enni

    @property
    def is_ready(self) -> bool:
        return self.is_draft and self.missing_count == 0

    @property
    def is_creatable(self) -> bool:
        """Whether Covage would accept it as a draft, with all that can't be changed later."""
        has_twin = self.uuid in with_twins([self], CopperOrder.objects.all())
        return readiness.is_creatable(self.draft, has_twin=has_twin)

    @property
    def is_submitting(self) -> bool:
        """Whether it was submitted here and Covage hasn't accepted or refused that yet."""
        return bool(self.submitting_since) and self.status in DRAFTS

    @property
    def is_pending(self) -> bool:
        """Whether Covage waits for an answer about it that nobody has given yet."""
        return self.status == Status.PENDING and not self.answering and not self.gone_at

    @property
    def is_settling(self) -> bool:
        """Whether a submission or an answer is under way: worth reading again soon."""
        return self.is_submitting or bool(self.answering)

    @property
    def is_open(self) -> bool:
        """Whether Covage is working on it."""
        return states.is_open(self.status) and not self.gone_at

    @property
    def is_in_service(self) -> bool:
        """Whether it delivered a service that can be ended: a completed activation of an access line."""
        is_done = self.type == Type.ACTIVATE and self.status == Status.COMPLETED
        return is_done and not self.is_enni and bool(self.service_uuid or self.service_alias)

    def terminations(self) -> "models.QuerySet[CopperOrder]":
        """The orders that end its service, without rejected and cancelled ones."""
        of_it = CopperOrder.objects.live().of_the_service_of(self)
        terminations = of_it.filter(type=Type.TERMINATE, gone_at=None)
        return terminations.exclude(status__in=(Status.REJECTED, Status.CANCELED)).exclude(pk=self.pk)

    def _term_end(self) -> date | None:
        """The last day of the contract term of a delivered service; None if its months aren't known."""
        months = months_of_term(self.raw, self.product_offered) if self.is_in_service else None
        if months is None or self.completion_date is None:
            return None
        return months_after(timezone.localtime(self.completion_date).date(), months)


def _text(value: Any, most: int | None) -> str:
    return str("" if value is None else value).replace("\0", "").strip()[:most]


def _customer(shown: Mapping[str, Any]) -> str:
    """The end customer: the company, or the person."""
    person = (shown.get("owner.first_name"), shown.get("owner.last_name"))
    return str(shown.get("owner.name") or " ".join(str(part) for part in person if part))
