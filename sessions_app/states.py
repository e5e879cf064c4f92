"""The states of carts and lines that the documentation names (order-taking.txt, lifecycles). Others may come."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.badge import Badge
from web.words import in_words


class CartState(models.TextChoices):
    CREATED = "created", _("draft")
    IN_PROGRESS = "in_progress", _("in progress")
    COMPLETED = "completed", _("completed")
    PARTIAL = "partial", _("partly rejected")
    REJECTED = "rejected", _("rejected")


class LineState(models.TextChoices):
    CREATED = "created", _("draft")
    IN_PROGRESS = "in_progress", _("in progress")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    HELD_ADV_VALIDATION = "held_adv_validation", _("held for ADV validation")
    REJECTED_CREATION = "rejected_creation", pgettext_lazy("line", "rejected")
    TECHNICAL_ERROR = "technical_error", _("technical error")


_TONES = {
    "created": "",
    "in_progress": "info",
    "acknowledged": "good",
    "completed": "good",
    "held_adv_validation": "warning",
    "partial": "warning",
    "rejected": "bad",
    "rejected_creation": "bad",
    "technical_error": "bad",
}


def cart_badge(state: str) -> Badge:
    """A cart's state; an unknown one is shown in words."""
    label = CartState(state).label if state in CartState.values else in_words(state) or _("draft")
    return Badge(str(label), _TONES.get(state, ""))


def line_badge(state: str) -> Badge:
    """A line's state; an unknown one is shown in words."""
    label = LineState(state).label if state in LineState.values else in_words(state) or _("draft")
    return Badge(str(label), _TONES.get(state, ""))
