"""A change on both sides, ended as a person decided."""

from typing import Any

from django.core.exceptions import BadRequest

from mirror.twosided import TwoSided


def settle(row: TwoSided, path: str, *, ours: bool) -> dict[str, list[Any]]:
    """Keep ours, which will be sent, or take theirs. Unsaved.

    Answers what was settled as {path: [what stood here, what holds]}, for the history; {} for a path without a
    conflict, which is left as it is.
    """
    if path not in row.conflicts:
        return {}
    mine, theirs = row.flat_draft.get(path), row.conflicts[path]["theirs"]
    row.settle(path, ours=ours)
    return {path: [mine, mine if ours else theirs]}


def conflicts_of(row: TwoSided) -> list[dict[str, str]]:
    """What of a row waits for a decision: `path`, `label`, and as they read `ours` and `theirs`."""
    return [
        {
            "path": path,
            "label": row.catalogue.label_of(path),
            "ours": _shown(row, path, row.flat_draft.get(path)),
            "theirs": _shown(row, path, told["theirs"]),
        }
        for path, told in row.conflicts.items()
    ]


def is_ours_to_keep(kept: str) -> bool:
    """Which side of a conflict a button keeps. Raises BadRequest when it says neither."""
    if kept not in ("ours", "theirs"):
        raise BadRequest("Neither side was chosen.")
    return kept == "ours"


def decision(pressed: str) -> tuple[str, bool]:
    """The path, and whether ours is to be kept, of a button at a field (`ours|note`). Raises BadRequest."""
    kept, _sep, path = pressed.partition("|")
    return path, is_ours_to_keep(kept)


def _shown(row: TwoSided, path: str, value: Any) -> str:
    field = row.catalogue.field_at(path)
    return field.show(value) if field else str(value or "")
