"""What changing a draft and sending it off takes and raises, whatever the draft is of."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from drafting.rows import Changes, Draft

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
