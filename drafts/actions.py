"""What people do to a draft, whatever it is of, as steps of an app's own transaction.

In order: the refusals that the apps' actions raise; opening and changing a draft; settling a conflict; whose a draft
is; the digest by which a person confirms exactly what they reviewed.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from drafts.history import record
from drafts.merge import Changes, Document, flatten
from drafts.models import Draft

ModelT = TypeVar("ModelT", bound=Model)


class NotADraft(Exception):
    """It can't be changed any more: it was sent off, deleted, is gone upstream, or is the vendor's own."""


class NotReady(Exception):
    """It can't be sent off: something is still missing."""


class ReviewedOtherwise(Exception):
    """It has changed since it was reviewed, and has to be reviewed again."""


def lock_draft(model: type[ModelT], **lookup: Any) -> ModelT:
    """Return the draft that a lookup finds, locked.

    Raises NotADraft, and the model's DoesNotExist where there is none.
    """
    row: Any = model._default_manager.select_for_update(of=("self",)).get(**lookup)
    if not row.is_draft:
        raise NotADraft
    return row  # type: ignore[no-any-return]


def insert(row: Any) -> bool:
    """Save a new row. Returns False when the same form came twice at once, and the other request has created it."""
    row.reflect()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def edit(row: Draft, values: Mapping[str, Any], typed: Mapping[str, str]) -> Changes:
    """Put a person's values (by path) into a draft, except those of locked fields. Unsaved. Returns what changed.

    `typed` has, by path, the texts that aren't valid values: they are kept beside the values.
    """
    locked = row.locked_fields()
    return row.edit({path: value for path, value in values.items() if path not in locked}, typed)


def settle(row: Draft, path: str, *, ours: bool) -> Changes:
    """End a conflict: keep our value, which will be sent, or use theirs. Unsaved.

    Returns what was settled as {path: [what was here, what remains]}, for the history; {} for a path without a
    conflict, which is left as it is.
    """
    if path not in row.conflicts:
        return {}
    mine, theirs = row.flat_draft.get(path), row.conflicts[path]["theirs"]
    row.settle(path, ours=ours)
    return {path: [mine, mine if ours else theirs]}


def take_over(row: Any, by: Any) -> None:
    """Make a row that came from elsewhere one's own, if it has no owner yet. The caller has locked it."""
    if row.owner_id is None:
        row.owner = by
        row.save(update_fields=["owner"])
        record("taken", row.key, actor=by, label=str(row))


def hand_over(row: Any, owner: Any, team: Any) -> Changes:
    """Give a row to a person and a team. Unsaved. Returns what changed, {name: [before, after]}, for the history."""
    changes: Changes = {}
    for name, before, after in (("owner", row.owner, owner), ("team", row.team, team)):
        if before != after:
            changes[name] = [str(before or ""), str(after or "")]
            setattr(row, name, after)
    return changes


def content_of(draft: Document) -> Document:
    """Return what a draft says, by path. A "no" is left out: the vendor shows one for every unanswered question."""
    return {path: value for path, value in flatten(draft).items() if value is not False}


def digest_of(content: Any) -> str:
    """Return the digest of anything that JSON can hold, made of what drafts say."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
