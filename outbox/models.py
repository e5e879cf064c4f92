"""What any local mirror has to remember: leases, sync runs, owed operations, events, the vendor's health."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiHealth(models.Model):
    """Whether a vendor's API can be reached: one row an API, written when that changes."""

    name = models.CharField(max_length=30, primary_key=True)
    answered_at = models.DateTimeField(null=True)
    down_since = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(default=timezone.now)
    failure = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class OperationQuerySet(models.QuerySet["Operation"]):
    def unfinished(self) -> "OperationQuerySet":
        return self.filter(state__in=Operation.UNFINISHED)

    def under_way(self) -> "OperationQuerySet":
        """What the vendor may have got, and we don't know what became of it."""
        return self.filter(state__in=[Operation.State.SENDING, Operation.State.UNKNOWN])

    def troubled(self) -> "OperationQuerySet":
        """What a person may want to look at: all that is owed, and what was refused and not mended since."""
        return self.filter(state__in=[*Operation.UNFINISHED, Operation.State.REFUSED], dismissed=False)

    def about(self, subject_id: UUID) -> "OperationQuerySet":
        """All that was ever owed about a subject."""
        return self.filter(subject_id=subject_id)

    def standing_refusal(self) -> "Operation | None":
        """The newest of these, if it was refused and nobody put that aside: nothing that came after put it right."""
        newest = self.order_by("-id").first()
        is_standing = newest and newest.state == Operation.State.REFUSED and not newest.dismissed
        return newest if is_standing else None


SENTENCES = {
    "Unreachable": _("Covage can't be reached. It is kept here and sent when they answer."),
    "OutcomeUnknown": _("Covage did not answer. We look whether it arrived before anything is sent again."),
    "ServerError": _(
        "Covage has a fault of its own. We look whether it arrived before anything is sent again."
    ),
    "BadAnswer": _(
        "Covage answered something unreadable. We look whether it arrived before anything is sent again."
    ),
    "RateLimited": _("Covage asks us to wait. It is kept here and sent when they allow."),
    "Unauthorized": _(
        "Covage refused the portal's account. It is kept here; an administrator has to mend the account."
    ),
    "Forbidden": _(
        "Covage does not allow the portal's account to do this. "
        "It is kept here; an administrator has to ask Covage."
    ),
    "Invalid": _("Covage refused what was sent. It is kept here: mend what is named, and save again."),
    "NotFound": _("It is not at Covage any more. What you typed is kept here: duplicate it to order it."),
    "Conflict": _("Covage does not allow this any more in the state it is in. Nothing was changed there."),
    "CartMissing": _(
        "The cart itself is not at Covage yet. "
        "It is kept here: see what is said about the cart, then send again."
    ),
    "ChangedSinceReview": _("It was changed after your review, so nothing was ordered. Review it once more."),
    "NotInStep": _(
        "Covage hasn't got all of it yet, so nothing was ordered. See what was refused, then review it once more."
    ),
    "LeftDraft": _(
        "The order is no draft at Covage any more, so nothing was changed there. "
        "What you typed is kept on its page, to copy."
    ),
    "NotPending": _(
        "Covage waits for no answer to this order any more, so none was sent. Look at the order as it stands."
    ),
    "AskedAnew": _(
        "Covage changed the order after it was answered here, and waits still or once more, so nothing more is sent. "
        "See what they ask now, then answer again."
    ),
    "AnsweredOtherwise": _(
        "Somebody has answered Covage otherwise meanwhile, and not from here. Look at the order as it stands."
    ),
    "NotInState": _(
        "The order is in another state by now, so nothing was sent. Look at the order, then decide again."
    ),
    "AskedElsewhere": _(
        "Somebody has asked Covage for this meanwhile, and not from here, so nothing was sent. "
        "Look at the order's requests, then decide again."
    ),
    "MadeOtherwise": _(
        "Covage has such a request on this order that says something else than what was typed here, "
        "and nothing more is sent beside it. Compare the two."
    ),
    "NoSuchOrder": _(
        "Covage does not know this order, or does not take this request on it. "
        "Nothing was changed there; ask them."
    ),
    "Fault": _(
        "The portal has a fault at this. It is kept here and tried again; the log tells an administrator why."
    ),
    "other": _("It could not be done. It is kept here, and nothing is lost."),
}


class Operation(models.Model):
    """One thing owed to the vendor. Those of one subject (a cart, an order) go in order, one at a time."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        UNKNOWN = "unknown", _("outcome unknown")
        SUCCEEDED = "succeeded", _("done")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    UNFINISHED: ClassVar = (State.WAITING, State.SENDING, State.UNKNOWN)

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    target_id = models.UUIDField()
    label = models.CharField(max_length=200)
    url = models.CharField(max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    # What the vendor may have got of this: null until something leaves, and once it surely had no effect.
    sent = models.JSONField(null=True)
    once = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    # When the newest sending began or, of one whose outcome is unknown, ended.
    attempted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    holder = models.UUIDField(null=True)
    held_until = models.DateTimeField(default=timezone.now)

    failure = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    # What the vendor's support asks for about the last try that failed, where its answer bore one.
    request_uuid = models.CharField(max_length=100, blank=True)
    errors = models.JSONField(default=list)
    dismissed = models.BooleanField(default=False)

    objects = OperationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["subject_id", "id"],
                name="operation_stream",
                condition=Q(state__in=["waiting", "sending", "unknown"]),
            ),
            # Not a partial one: SQLite uses none whose condition stands in a query as parameters.
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
        """What happened, what is safe and what to do, of the last try that failed."""
        return str(SENTENCES.get(self.failure, SENTENCES["other"])) if self.failure else ""

    @property
    def was_never_sent(self) -> bool:
        """Whether surely nothing of this took effect at the vendor's, so that it can still be withdrawn."""
        return self.state == self.State.WAITING and self.sent is None
