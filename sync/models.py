"""The rows of synchronisation: leases, and sync runs with their failures in the reader's words."""

import re
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _


class Lease(models.Model):
    """The right to run one named job, until `expires_at` whatever happens to the process that holds it."""

    name = models.CharField(max_length=100, primary_key=True)
    holder = models.UUIDField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return self.name


ABANDONED = gettext_noop("The process that was running it stopped.")

READ_SENTENCES = {
    "Unreachable": _("Covage can't be reached. What was read before is kept, and it will be tried again."),
    "OutcomeUnknown": _("Covage didn't respond. What was read before is kept, and it will be tried again."),
    "ServerError": _(
        "Covage has a fault on their side. What was read before is kept, and it will be tried again."
    ),
    "BadAnswer": _(
        "Covage's response was unreadable. What was read before is kept, and it will be tried again."
    ),
    "RateLimited": _(
        "Covage asked Carnet to wait. What was read before is kept, and it will be tried again."
    ),
    "Unauthorized": _(
        "Covage refused the portal's account. What was read before is kept; an administrator must fix the "
        "account."
    ),
    "Forbidden": _(
        "Covage doesn't allow the portal's account to read this. What was read before is kept; an "
        "administrator must ask Covage."
    ),
    "NotFound": _(
        "Covage didn't find what was asked for. What was read before is kept; an administrator must ask Covage."
    ),
    "other": _(
        "Something went wrong in Carnet. What was read before is kept, and it will be tried again; the log "
        "has the cause for an administrator."
    ),
}

_SUPPORT_REFERENCE = re.compile(r"\(support reference: ([^()\s]+)\)")


class SyncRunQuerySet(models.QuerySet["SyncRun"]):
    def last_synced_at(self, kind: str) -> Any:
        """Returns when the latest complete run of a kind began: the mirror is true as of then. None for never."""
        return self.filter(kind=kind, state=SyncRun.State.DONE).aggregate(at=models.Max("started_at"))["at"]


class SyncRun(models.Model):
    """One run of a sync, readable while it goes on: what it reads, how far it is, how it ended."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=30)
    full = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    # How many there are in all, where the vendor says so, and where a listing that ended early goes on.
    total = models.PositiveIntegerField(null=True)
    position = models.TextField(blank=True)
    error = models.TextField(blank=True)

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        indexes = [models.Index(fields=["kind", "state", "-started_at"], name="syncrun_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> float:
        """How many seconds it took, or has taken so far."""
        return ((self.finished_at or timezone.now()) - self.started_at).total_seconds()

    @property
    def failure_sentence(self) -> str:
        """Why it failed and what is safe, in the reader's words; "" when it didn't. `error` is for the log."""
        if self.error in ("", ABANDONED):
            return gettext(self.error) if self.error else ""
        return str(READ_SENTENCES.get(self.error.partition(":")[0], READ_SENTENCES["other"]))

    @property
    def request_uuid(self) -> str:
        """The id by which the vendor's support finds what failed; "" where the answer had none."""
        found = _SUPPORT_REFERENCE.search(self.error)
        return found[1] if found else ""
