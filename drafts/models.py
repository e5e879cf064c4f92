"""Rows that both we and the vendor change: what people edit here beside what the vendor last showed."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from drafts.fields import FieldSet
from drafts.merge import (
    Changes,
    Document,
    Flat,
    differences,
    flatten,
    merge,
    name_of,
    overlay,
    same,
    unflatten,
)
from drafts.readiness import Missing


class Event(models.Model):
    """Who did what to a cart, a line or an order, and when. `changes` maps paths to [before, after]."""

    subject_id = models.UUIDField()
    target_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    label = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-id"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


def own_reference(identifier: uuid.UUID) -> str:
    """The reference under which we find what we make again upstream, when its maker gave none."""
    return f"CRN-{identifier.hex[:16].upper()}"


class Draft(models.Model):
    """A document with two sides, both under canonical names.

    `draft` is ours; `upstream` is theirs as last seen and the base on which the two meet; `typed` holds, by
    path, what was typed and is no valid value yet (kept, shown, never sent); `conflicts` holds, by path, what
    changed on both sides and waits for a person; `refusals` what the vendor refused: [{"path", "code",
    "message", "value"}].
    """

    upstream_id = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    draft = models.JSONField(default=dict)
    upstream = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    conflicts = models.JSONField(default=dict)
    refusals = models.JSONField(default=list)
    # The moment as of which `upstream` is known to be true: an answer asked for earlier is older news.
    seen_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    modified_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    # What people edit of it; whatever else the vendor shows stays in `upstream` as it came.
    field_set: ClassVar[FieldSet]
    # The column of `key`.
    KEY: ClassVar = "id"

    @property
    def key(self) -> uuid.UUID:
        """By which operations and events speak of it."""
        key: uuid.UUID = getattr(self, self.KEY)
        return key

    @property
    def subject_key(self) -> uuid.UUID:
        """By which they speak of what it belongs to: itself, unless it is a part of something."""
        return self.key

    @staticmethod
    def id_in(document: Document) -> str:
        """The vendor's id of what a document is about."""
        return str(document["id"])

    def snapshot(self) -> Flat:
        """What a change is told by: what people edit of it, and of rows that have one their state."""
        return self.flat_draft

    def missing(self) -> list[Missing]:
        """What stands between it and what it is for; each kind of draft that has a form says so."""
        raise NotImplementedError

    def locked_fields(self) -> frozenset[str]:
        """The fields that can't be changed any more, in whatever else may."""
        return frozenset()

    @property
    def flat_draft(self) -> Flat:
        return flatten(self.draft)

    @property
    def flat_upstream(self) -> Flat:
        return self._editable(self.upstream)

    @property
    def unsent(self) -> list[str]:
        """The paths at which ours differs from theirs and nobody has to be asked first."""
        paths = differences(self.flat_draft, self.flat_upstream)
        return [path for path in paths if path not in self.conflicts]

    def edit(self, values: Mapping[str, Any], typed: Mapping[str, str]) -> Changes:
        """Take a person's values (by path), and by path what they typed that is no value yet. Unsaved.

        Answers what changed as {path: [before, after]}. A path in `values` is no longer in `typed`, and
        settles the conflict and the refusals that stood at it if it brings another value.
        """
        before = self.flat_draft
        changes = {
            path: [before.get(path), value]
            for path, value in values.items()
            if not same(before.get(path), value)
        }
        self.draft = unflatten(before | {path: values[path] for path in changes})
        self.typed = {path: text for path, text in self.typed.items() if path not in values} | dict(typed)
        self.conflicts = {path: told for path, told in self.conflicts.items() if path not in changes}
        self.refusals = [refusal for refusal in self.refusals if refusal["path"] not in changes]
        self.modified_at = timezone.now()
        return changes

    def merge_upstream(
        self,
        answer: Document,
        at: datetime,
        *,
        sent: Document | None = None,
        offered: Document | None = None,
        whole: bool = False,
    ) -> bool:
        """Let what the vendor shows (true as of `at`) meet our draft. Unsaved. Answers whether that was news.

        `sent` is what we sent to get this answer: what was sent and is not in the answer is taken as
        accepted. `offered` is what we sent without an answer so far: where the vendor shows just that, it is
        ours and no change of theirs. Of a `whole` answer, what it leaves out is emptied. An answer older than what is
        known already is left aside.
        """
        if any(known and at < known for known in (self.seen_at, self.gone_at)):
            return False
        base = overlay(self.upstream, sent or {})
        theirs = dict(answer) if whole else overlay(base, answer)
        if theirs == self.upstream and not self.gone_at:
            return False
        theirs_flat = self._editable(theirs)
        base_flat = self._editable(base) | self._accepted(offered or {}, theirs_flat)
        meeting = merge(self.flat_draft, base_flat, theirs_flat)
        self.draft = unflatten(meeting.draft)
        self.conflicts = self._still_in_conflict(meeting.conflicts, meeting.draft, theirs_flat)
        self.upstream, self.seen_at, self.gone_at = theirs, at, None
        return True

    def _accepted(self, offered: Document, theirs: Flat) -> Flat:
        """The paths at which theirs shows what we offered, blanks included."""
        ours = self._editable(offered)
        paths = [path for path in ours.keys() | self.flat_upstream.keys() if name_of(path) in offered]
        return {path: theirs.get(path) for path in paths if same(ours.get(path), theirs.get(path))}

    def _still_in_conflict(
        self, new: dict[str, dict[str, Any]], ours: Flat, theirs: Flat
    ) -> dict[str, dict[str, Any]]:
        """The conflicts that stood and the `new` ones, but for those over which the two sides came together.

        What both started from stays `was` however often theirs changes; when theirs goes back to it, only
        ours changed.
        """
        told = self.conflicts | {
            path: conflict | {"was": self.conflicts.get(path, conflict)["was"]}
            for path, conflict in new.items()
        }
        return {
            path: conflict
            for path, conflict in told.items()
            if not same(ours.get(path), theirs.get(path)) and not same(conflict["was"], theirs.get(path))
        }

    def settle(self, path: str, *, ours: bool) -> None:
        """End a conflict as a person decided: keep ours (it will be sent) or take theirs. Unsaved."""
        conflict = self.conflicts.pop(path)
        if not ours:
            self.draft = unflatten(self.flat_draft | {path: conflict["theirs"]})
            self.typed.pop(path, None)
        self.modified_at = timezone.now()

    def changes_to_send(self) -> Document:
        """The fields to send, whole, so that theirs becomes ours where nobody has to be asked first.

        A field emptied here is in it, blank. Within a list of objects, paths in conflict keep the vendor's
        value.
        """
        paths = self.unsent
        ours, theirs = self.flat_draft, self.flat_upstream
        merged = unflatten(theirs | {path: ours.get(path) for path in paths})
        return {name: merged.get(name) for name in _names(paths)}

    def _editable(self, document: Mapping[str, Any]) -> Flat:
        return flatten({name: value for name, value in document.items() if name in self.field_set.names})


def _names(paths: Iterable[str]) -> list[str]:
    return sorted({name_of(path) for path in paths})
