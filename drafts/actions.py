"""What changing a draft and sending it off takes and raises, whatever the draft is of."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from drafts.history import record
from drafts.merge import Changes, Document, flatten
from drafts.models import Draft


def settle(row: Draft, path: str, *, ours: bool) -> dict[str, list[Any]]:
    """Keep ours, which will be sent, or take theirs. Unsaved.

    Answers what was settled as {path: [what stood here, what holds]}, for the history; {} for a path without a
    conflict, which is left as it is.
    """
    if path not in row.conflicts:
        return {}
    mine, theirs = row.flat_draft.get(path), row.conflicts[path]["theirs"]
    row.settle(path, ours=ours)
    return {path: [mine, mine if ours else theirs]}


Row = TypeVar("Row", bound=Model)


class NotADraft(Exception):
    """It can't be changed any more: it was sent off, deleted, is gone upstream, or is the vendor's own."""


class NotReady(Exception):
    """It can't be sent off: something is missing still."""


class ReviewedOtherwise(Exception):
    """It isn't what was reviewed any more: it has to be looked at again."""


def lock_draft(model: type[Row], **key: Any) -> Row:
    """The draft that a key leads to, locked. Raises NotADraft, and DoesNotExist where it leads nowhere."""
    row: Any = model._default_manager.select_for_update(of=("self",)).get(**key)
    if not row.is_draft:
        raise NotADraft
    return row  # type: ignore[no-any-return]


def edit(row: Draft, values: Mapping[str, Any], typed: Mapping[str, str]) -> Changes:
    """Take a person's values (by path) but those of locked fields, and what is no valid value. Unsaved.

    Answers what changed.
    """
    locked = row.locked_fields()
    return row.edit({path: value for path, value in values.items() if path not in locked}, typed)


def insert(row: Any) -> bool:
    """Save a new row; False when the same form came twice at the same moment, and the other one has made it."""
    row.reflect()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def take(row: Any, by: Any) -> None:
    """Make a row that came from elsewhere one's own, if nobody did before. The caller has it locked."""
    if row.owner_id is None:
        row.owner = by
        row.save(update_fields=["owner"])
        record("taken", row.key, actor=by, label=str(row))


def hand_over(row: Any, owner: Any, team: Any) -> dict[str, list[Any]]:
    """Give a row to a person and a team. Unsaved. Answers what changed, {name: [before, after]}, for the history."""
    changes: dict[str, list[Any]] = {}
    for name, before, after in (("owner", row.owner, owner), ("team", row.team, team)):
        if before != after:
            changes[name] = [str(before or ""), str(after or "")]
            setattr(row, name, after)
    return changes


def said(draft: Document) -> Document:
    """What a draft says. The vendor shows a "no" where nobody answered a question, which is no other content."""
    return {path: value for path, value in flatten(draft).items() if value is not False}


def mark_of(content: Any) -> str:
    """The mark of anything that JSON can hold, made of what drafts say."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
