"""The states of orders and the production steps named in order-tracking.txt. The vendor may add others."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.badge import Badge
from web.words import in_words


class OrderState(models.TextChoices):
    CONFIRMED = "confirmed", pgettext_lazy("order", "confirmed")
    IN_PROGRESS = "in_progress", pgettext_lazy("order", "in production")
    ACTIVE = "active", pgettext_lazy("order", "active")
    CHANGE_IN_PROGRESS = "change_in_progress", _("change in progress")
    TERMINATE_IN_PROGRESS = "terminate_in_progress", _("termination in progress")
    TERMINATED = "terminated", pgettext_lazy("order", "terminated")
    REJECTED = "rejected", pgettext_lazy("order", "rejected")
    CANCELLED = "cancelled", pgettext_lazy("order", "cancelled")


class Step(models.TextChoices):
    """The production steps, in the order of the documentation's chart."""

    PRODUCTION_MANAGER_ASSIGNED = "production_manager_assigned", _("production manager assigned")
    OPTICAL_ROUTE_RECEIVED = "optical_route_received", _("optical route received")
    TECHNICAL_VISIT_PLANNED = "technical_visit_planned", _("technical visit planned")
    TECHNICAL_VISIT_COMPLETED = "technical_visit_completed", _("technical visit completed")
    TECHNICAL_VISIT_REPORT_PUBLISHED = (
        "technical_visit_report_published",
        _("technical visit report published"),
    )
    CONNEXION_PLANNED = "connexion_planned", _("connection planned")
    CONNEXION_COMPLETED = "connexion_completed", _("connection completed")
    SERVICE_CONFIGURED = "service_configured", _("service configured")
    SERVICE_CONTROLLED = "service_controlled", _("service controlled")
    DELIVERY_REPORT_PUBLISHED = "delivery_report_published", _("delivery report published")
    INTERVENTION_REPORT_PUBLISHED = "intervention_report_published", _("intervention report published")


# States in a history before and around the steps (docs/vendor-readings.md, 13).
AROUND = {
    "acknowledged": _("acknowledged"),
    "held_adv_validation": _("held for ADV validation"),
    "production_in_progress": _("production in progress"),
    "created": pgettext_lazy("order", "created"),
    "rejected_creation": _("creation rejected"),
    "technical_error": _("technical error"),
}

# States that an order doesn't leave by itself.
SETTLED = frozenset({"active", "terminated", "rejected", "cancelled", "rejected_creation", "technical_error"})
# In service, with a change or a termination under way.
CHANGING = frozenset({OrderState.CHANGE_IN_PROGRESS.value, OrderState.TERMINATE_IN_PROGRESS.value})

_TONES = {
    "active": "good",
    "change_in_progress": "warning",
    "terminate_in_progress": "warning",
    "held_adv_validation": "warning",
    "terminated": "",
    "rejected": "bad",
    "rejected_creation": "bad",
    "technical_error": "bad",
    "cancelled": "",
}


def is_open(state: str) -> bool:
    """Whether more is to come by itself. An unknown state counts as open."""
    return state not in SETTLED


def in_production(state: str) -> bool:
    """Whether the access is still being built. An unknown state counts as in production."""
    return state not in SETTLED and state not in CHANGING


def state_label(state: str) -> str:
    """An order's or a history's state in the reader's language; an unknown one as plain words."""
    if state in OrderState.values:
        return str(OrderState(state).label)
    if state in Step.values:
        return str(Step(state).label)
    return str(AROUND.get(state) or in_words(state))


def order_badge(state: str) -> Badge:
    """The badge of an order's or a history's state."""
    return Badge(state_label(state), _TONES.get(state, "info"))
