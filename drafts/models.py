"""The abstract draft, what people edit here beside what the vendor last showed, and the events of its history."""

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
    """The reference by which we find upstream what we created, when nobody gave one."""
    return f"CRN-{identifier.hex[:16].upper()}"


class Draft(models.Model):
    """A document with two sides, both under canonical names.

    `draft` is ours; `upstream` is theirs as last seen and the base of every merge; `typed` holds, by path, what was
    typed and isn't a valid value yet (kept, shown, never sent); `conflicts` holds, by path, what changed on both sides
    and waits for a person; `refusals` what the vendor refused (drafts.refusals).
    """

    upstream_id = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    draft = models.JSONField(default=dict)
    upstream = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    conflicts = models.JSONField(default=dict)
    refusals = models.JSONField(default=list)
    # The moment as of which `upstream` is known to be true: an answer requested earlier is outdated.
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
        """What operations and events know it by."""
        key: uuid.UUID = getattr(self, self.KEY)
        return key

    @property
    def subject_key(self) -> uuid.UUID:
        """What they know its subject by: itself, unless it is part of something."""
        return self.key

    @staticmethod
    def id_in(document: Document) -> str:
        """The vendor's id of what a document is about."""
        return str(document["id"])

    def snapshot(self) -> Flat:
        """What its history compares: what people edit, and the state of rows that have one."""
        return self.flat_draft

    def missing(self) -> list[Missing]:
        """What it still lacks; every kind of draft that has a form implements this."""
        raise NotImplementedError

    def locked_fields(self) -> frozenset[str]:
        """The fields that can't be changed any more, even where others can."""
        return frozenset()

    @property
    def flat_draft(self) -> Flat:
        return flatten(self.draft)

    @property
    def flat_upstream(self) -> Flat:
        return self._editable(self.upstream)

    @property
    def unsent(self) -> list[str]:
        """The paths at which ours differs from theirs, conflicts aside."""
        paths = differences(self.flat_draft, self.flat_upstream)
        return [path for path in paths if path not in self.conflicts]

    def edit(self, values: Mapping[str, Any], typed: Mapping[str, str]) -> Changes:
        """Put in a person's values (by path), and by path what they typed that isn't a valid value yet. Unsaved.

        Returns what changed as {path: [before, after]}. A path in `values` is no longer in `typed`; a value that
        changed settles the conflict and the refusals at its path.
        """
        before = self.flat_draft
        changes = {
            path: [before.get(path), value]
            for path, value in values.items()
            if not same(before.get(path), value)
        }
        self.draft = unflatten(before | {path: values[path] for path in changes})
        self.typed = {path: text for path, text in self.typed.items() if path not in values} | dict(typed)
        self.conflicts = {path: conflict for path, conflict in self.conflicts.items() if path not in changes}
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
        """Merge what the vendor shows (true as of `at`) into our draft. Unsaved. Returns whether it changed anything.

        `sent` is what we sent to get this answer: what was sent and is not in the answer counts as accepted.
        `offered` is what we sent and isn't answered yet: where the vendor shows just that, it is ours and no change
        of theirs. What a `whole` answer leaves out is emptied. An answer older than what is known is ignored.
        """
        if any(known and at < known for known in (self.seen_at, self.gone_at)):
            return False
        base = overlay(self.upstream, sent or {})
        theirs = dict(answer) if whole else overlay(base, answer)
        if theirs == self.upstream and not self.gone_at:
            return False
        theirs_flat = self._editable(theirs)
        base_flat = self._editable(base) | self._accepted(offered or {}, theirs_flat)
        merged = merge(self.flat_draft, base_flat, theirs_flat)
        self.draft = unflatten(merged.draft)
        self.conflicts = self._still_in_conflict(merged.conflicts, merged.draft, theirs_flat)
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
        """The earlier conflicts and the `new` ones, except those in which the two sides now agree.

        What both started from stays `was` however often theirs changes; when theirs goes back to it, only
        ours changed.
        """
        conflicts = self.conflicts | {
            path: conflict | {"was": self.conflicts.get(path, conflict)["was"]}
            for path, conflict in new.items()
        }
        return {
            path: conflict
            for path, conflict in conflicts.items()
            if not same(ours.get(path), theirs.get(path)) and not same(conflict["was"], theirs.get(path))
        }

    def settle(self, path: str, *, ours: bool) -> None:
        """End a conflict as a person decided: keep ours, which will be sent, or use theirs. Unsaved."""
        conflict = self.conflicts.pop(path)
        if not ours:
            self.draft = unflatten(self.flat_draft | {path: conflict["theirs"]})
            self.typed.pop(path, None)
        self.modified_at = timezone.now()

    def changes_to_send(self) -> Document:
        """The fields to send, each one whole, so that theirs become ours, conflicts aside.

        A field emptied here is included, blank. Within a list of objects, paths in conflict keep the vendor's
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
