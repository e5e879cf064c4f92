"""The statuses, types and activation types of copper orders (extranet-orders.txt). Unknown ones may appear."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.badge import Badge
from web.words import in_words


class Status(models.TextChoices):
    """In the order of the page's table, which leaves their names out (docs/vendor-readings.md, the extranet)."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", pgettext_lazy("copper", "submitted")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    RUNNING = "running", pgettext_lazy("copper", "in production")
    PENDING = "pending", _("waiting for your answer")
    ON_HOLD = "held", pgettext_lazy("copper", "held at Covage")
    REJECTED = "rejected", pgettext_lazy("order", "rejected")
    CANCELED = "canceled", pgettext_lazy("order", "cancelled")
    COMPLETED = "completed", pgettext_lazy("order", "completed")


class Type(models.TextChoices):
    ACTIVATE = "activate", _("activation")
    TERMINATE = "terminate", _("termination")


class Service(models.TextChoices):
    COLLECT = "collect", _("access line")
    ENNI = "enni", _("ENNI (collection door)")


class ActivationType(models.TextChoices):
    ACTIVATE = "activate", _("an existing line of the end customer")
    CREATE = "create", _("a new line beside one the end customer already has")
    CREATE_NEARBY = "create_nearby", _("a new line, located by a neighbour's in the same building")
    CREATE_NEIGHBOUR = (
        "create_neighbour",
        _("a new line, located by a neighbour's at another address in the street"),
    )


# The product families, as extranet-orders.txt names them.
ENNI = "N"
FAMILIES = {"A": "ADSL", "S": "SDSL", "M": "SDSL Max", ENNI: "ENNI"}
LINE_BUILDING = frozenset(set(ActivationType.values) - {ActivationType.ACTIVATE.value})
DRAFTS = ("", Status.DRAFT.value)
SETTLED = (Status.REJECTED.value, Status.CANCELED.value, Status.COMPLETED.value)

# What a completed order of each type is called.
_DONE = {Type.ACTIVATE.value: _("in service"), Type.TERMINATE.value: pgettext_lazy("order", "terminated")}

_TONES = {
    "": "",
    Status.DRAFT.value: "",
    Status.PENDING.value: "warning",
    Status.ON_HOLD.value: "warning",
    Status.REJECTED.value: "bad",
    Status.CANCELED.value: "",
    Status.COMPLETED.value: "good",
}


def is_open(status: str) -> bool:
    """Whether Covage is working on it. An unknown status counts as open."""
    return status not in (*DRAFTS, *SETTLED)


def status_label(status: str, kind: str = "") -> str:
    """A status in words, depending on the order's type; an unknown one made readable."""
    if status == Status.COMPLETED and kind in _DONE:
        return str(_DONE[kind])
    return str(Status(status or Status.DRAFT).label) if status in ("", *Status.values) else in_words(status)


def status_badge(status: str, kind: str = "") -> Badge:
    return Badge(status_label(status, kind), _TONES.get(status, "info"))


def service_label(service: str) -> str:
    """A type of service in words; an unknown one made readable."""
    return str(Service(service).label) if service in Service.values else in_words(service)


def family_label(family: str) -> str:
    """A product family's name; its code if it is unknown."""
    return FAMILIES.get(family, family)


def service_of(family: str) -> str:
    """The service type of a product family: `N` is the ENNI, all others are access lines (extranet-orders.txt)."""
    return Service.ENNI if family == ENNI else Service.COLLECT
