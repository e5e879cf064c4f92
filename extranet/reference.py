"""What copper orders refer to, as the vendor tells it: events, products, contacts."""

from typing import ClassVar

from django.db import models

from extranet.querysets import ProductQuerySet


class OrderEvent(models.Model):
    """Something that happened to a copper order, as the vendor's list of events tells."""

    event_uuid = models.CharField(max_length=64, unique=True)
    order_uuid = models.CharField(max_length=64)
    type = models.CharField(max_length=100, blank=True)
    event_date = models.DateTimeField(null=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order_uuid", "event_date"], name="event_order")]

    def __str__(self) -> str:
        return f"{self.type} {self.order_uuid}"


class Product(models.Model):
    """A product of the extranet's catalogue, with its line and family."""

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


class Contact(models.Model):
    """One of the people whom an order can name as the operator's contact."""

    contact_uuid = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=250, blank=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "contact_uuid")

    def __str__(self) -> str:
        return self.name or self.contact_uuid
