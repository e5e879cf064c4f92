"""What the vendor refused of a draft: [{"path", "code", "message", "value", "held", "until_changed"}]."""

from collections.abc import Iterable, Mapping
from typing import Any

from drafts.fields import FieldSet, Kind
from drafts.merge import flatten

Refusal = dict[str, Any]


def of(errors: Iterable[Mapping[str, Any]], draft: Mapping[str, Any]) -> list[Refusal]:
    """The vendor's errors with the value that each was about (`held`), so that they go when it changes."""
    flat = flatten(draft)
    return [{**error, "held": flat.get(error["path"])} for error in errors]


def until_changed(
    errors: Iterable[Mapping[str, Any]], draft: Mapping[str, Any], field_set: FieldSet
) -> list[Refusal]:
    """Refusals of what the vendor keeps as a draft but won't order: saving doesn't settle them, a new value does."""
    return [
        refusal | {"until_changed": _holds_a_value(field_set, refusal["path"])}
        for refusal in of(errors, draft)
    ]


def remaining(refusals: Iterable[Refusal]) -> list[Refusal]:
    """The refusals that remain once the vendor has accepted the draft."""
    return [refusal for refusal in refusals if refusal.get("until_changed")]


def _holds_a_value(field_set: FieldSet, path: str) -> bool:
    """Whether a path leads to one value that a person can change: not to a whole list of objects."""
    field = field_set.field_at(path)
    return field is not None and field.kind is not Kind.ITEMS
