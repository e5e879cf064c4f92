"""What copper orders refer to: events, products, contacts."""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.urls import reverse

from drafts.merge import Document
from drafts.models import Draft
from drafts.readiness import Missing, problems
from extranet.contacts.fields import PERSON
from extranet.querysets import ContactQuerySet, ProductQuerySet
from lists.search import normalised


class OrderEvent(models.Model):
    """An event of a copper order, from the vendor's list."""

    event_uuid = models.CharField(max_length=64, unique=True)
    order_uuid = models.CharField(max_length=64)
    type = models.CharField(max_length=100, blank=True)
    event_date = models.DateTimeField(null=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["order_uuid", "event_date"], name="event_order")]

    def __str__(self) -> str:
        return f"{self.type} {self.order_uuid}"


class Product(models.Model):
    """A product of the extranet, with its line and family."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=250, blank=True)
    description = models.CharField(max_length=500, blank=True)
    family = models.CharField(max_length=40, blank=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)
    gone_at = models.DateTimeField(null=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Contact(Draft):
    """A person whom an order can name as the operator's contact, created here or at Covage."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=250, blank=True)
    search = models.TextField(blank=True)
    # Whether it was created here; all others came from the vendor's list.
    is_ours = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)

    objects = ContactQuerySet.as_manager()
    field_set: ClassVar = PERSON

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name or self.contact_uuid

    def get_absolute_url(self) -> str:
        return reverse("extranet:contact", args=[self.pk])

    @property
    def contact_uuid(self) -> str:
        """The identifier by which orders name it; "" until Covage has it."""
        return self.upstream_id or ""

    @property
    def is_there(self) -> bool:
        """Whether it was deleted neither here nor at Covage."""
        return self.deleted_at is None and self.gone_at is None

    @staticmethod
    def id_in(document: Document) -> str:
        return str(document["contact_uuid"])[:64]

    def locked_fields(self) -> frozenset[str]:
        return frozenset()

    def missing(self) -> list[Missing]:
        """The fields that the vendor refused."""
        return problems(PERSON, (), self.refusals, self.draft)

    def merge_raw(
        self,
        document: Document,
        at: datetime,
        *,
        sent: Document | None = None,
        offered: Document | None = None,
    ) -> None:
        """Merge the vendor's document, true as of `at`. Where both sides changed, ours wins. Unsaved."""
        self.merge_upstream(PERSON.read(document), at, sent=sent, offered=offered)
        for path in list(self.conflicts):
            self.settle(path, ours=True)
        self.reflect()

    def reflect(self) -> None:
        """Set the columns from the draft. Unsaved."""
        names = (self.draft.get("first_name"), self.draft.get("last_name"))
        self.name = " ".join(str(name) for name in names if name)[:250]
        self.search = normalised(" ".join(str(value) for value in self.flat_draft.values()))
