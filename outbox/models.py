"""The outbox's rows: operations for the vendor, and the health of each of their APIs."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiHealth(models.Model):
    """Whether one of the vendor's APIs can be reached: one row per API, written when that changes."""

    name = models.CharField(max_length=30, primary_key=True)
    answered_at = models.DateTimeField(null=True)
    down_since = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(default=timezone.now)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("API's health")
        verbose_name_plural = _("health of the APIs")

    def __str__(self) -> str:
        return self.name


class OperationQuerySet(models.QuerySet["Operation"]):
    def unfinished(self) -> "OperationQuerySet":
        return self.filter(state__in=Operation.UNFINISHED)

    def under_way(self) -> "OperationQuerySet":
        """What the vendor may have received, with an outcome that isn't known yet."""
        return self.filter(state__in=[Operation.State.SENDING, Operation.State.UNKNOWN])

    def troubled(self) -> "OperationQuerySet":
        """What may need attention: all that is pending, and refusals that nobody has dismissed or put right."""
        return self.filter(state__in=[*Operation.UNFINISHED, Operation.State.REFUSED], dismissed=False)

    def about(self, subject_id: UUID) -> "OperationQuerySet":
        """Every operation of a subject, finished or not."""
        return self.filter(subject_id=subject_id)

    def standing_refusal(self) -> "Operation | None":
        """Returns the newest of these if it was refused and not dismissed: nothing after it put it right."""
        newest = self.order_by("-id").first()
        is_standing = newest and newest.state == Operation.State.REFUSED and not newest.dismissed
        return newest if is_standing else None


SENTENCES = {
    "Unreachable": _("Covage can't be reached. Everything is saved here and will be sent when they respond."),
    "OutcomeUnknown": _(
        "Covage didn't respond. Carnet will check whether it arrived before sending anything again."
    ),
    "ServerError": _(
        "Covage has a fault on their side. Carnet will check whether it arrived before sending anything "
        "again."
    ),
    "BadAnswer": _(
        "Covage's response was unreadable. Carnet will check whether it arrived before sending anything "
        "again."
    ),
    "RateLimited": _(
        "Covage asked Carnet to wait. Everything is saved here and will be sent when they allow it."
    ),
    "Unauthorized": _(
        "Covage refused the portal's account. Everything is saved here; an administrator must fix the "
        "account."
    ),
    "Forbidden": _(
        "Covage doesn't allow the portal's account to do this. Everything is saved here; an administrator "
        "must ask Covage."
    ),
    "Invalid": _(
        "Covage refused what was sent. Everything is saved here: correct what they named, then save again."
    ),
    "NotFound": _("Covage no longer has this. What you typed is saved here: duplicate it to order it."),
    "Conflict": _("Covage no longer allows this in its current state. Nothing was changed at Covage."),
    "CartMissing": _(
        "The cart itself isn't at Covage yet. Everything is saved here: see the message about the cart, "
        "then send again."
    ),
    "ChangedSinceReview": _("It changed after your review, so nothing was ordered. Review it again."),
    "NotInStep": _(
        "Covage doesn't have all of it yet, so nothing was ordered. See what was refused, then review it "
        "again."
    ),
    "LeftDraft": _(
        "The order is no longer a draft at Covage, so nothing was changed there. What you typed is kept on "
        "its page for you to copy."
    ),
    "NotPending": _(
        "Covage is no longer waiting for an answer on this order, so nothing was sent. Check how the order "
        "stands now."
    ),
    "AskedAnew": _(
        "Covage changed the order after you answered, and is still waiting for an answer or asking again. "
        "Nothing more is sent: see what they ask now, then answer again."
    ),
    "AnsweredOtherwise": _(
        "Somebody has since given Covage a different answer outside Carnet. Check how the order stands now."
    ),
    "NotInState": _(
        "The order has since changed state, so nothing was sent. Check the order, then decide again."
    ),
    "AskedElsewhere": _(
        "Somebody has since asked Covage for this outside Carnet, so nothing was sent. Check the order's "
        "requests, then decide again."
    ),
    "MadeOtherwise": _(
        "Covage already has a request like this on the order, but it differs from what was typed here. "
        "Nothing more is sent. Compare the two."
    ),
    "NoSuchOrder": _(
        "Covage doesn't know this order, or doesn't accept this request on it. Nothing was changed there; "
        "please ask them."
    ),
    "Fault": _(
        "Something went wrong in Carnet. Everything is saved here and will be tried again; the log has the "
        "cause for an administrator."
    ),
    "other": _("It couldn't be done. Everything is saved here, and nothing is lost."),
}


class Operation(models.Model):
    """One change to send to the vendor. Those of one subject (a cart, an order) go in order, one at a time."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        UNKNOWN = "unknown", _("outcome unknown")
        SUCCEEDED = "succeeded", _("done")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    UNFINISHED: ClassVar = (State.WAITING, State.SENDING, State.UNKNOWN)

    # What `prepare` read upstream, and when, for `apply` to merge before the answer. In memory only: another attempt
    # reads it again.
    read: tuple[dict[str, Any], datetime] | None = None

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    target_id = models.UUIDField()
    label = models.CharField(max_length=200)
    url = models.CharField(max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    # What the vendor may have received: null until something leaves, and again once it certainly had no effect.
    sent = models.JSONField(null=True)
    once = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    # When the latest sending began or, if its outcome is unknown, ended.
    attempted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    holder = models.UUIDField(null=True)
    held_until = models.DateTimeField(default=timezone.now)

    failure = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    # The id that the vendor's support asks for, of the last failed attempt, where the answer had one.
    request_uuid = models.CharField(max_length=100, blank=True)
    errors = models.JSONField(default=list)
    dismissed = models.BooleanField(default=False)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        indexes = [
            models.Index(
                fields=["subject_id", "id"],
                name="operation_stream",
                condition=Q(state__in=["waiting", "sending", "unknown"]),
            ),
            # Not partial: SQLite can't use a partial index when the query has its condition as parameters.
            models.Index(fields=["state", "due_at"], name="operation_state"),
            models.Index(fields=["subject_id", "-id"], name="operation_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label} ({self.state})"

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED

    @property
    def failure_sentence(self) -> str:
        """What happened in the last failed attempt, what is safe and what to do; "" if none failed."""
        return str(SENTENCES.get(self.failure, SENTENCES["other"])) if self.failure else ""

    @property
    def was_never_sent(self) -> bool:
        """Whether nothing of this can have taken effect at the vendor, so that it can still be withdrawn."""
        return self.state == self.State.WAITING and self.sent is None
