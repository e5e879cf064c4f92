"""Whose a row is that came from elsewhere, or goes from one person to another."""

from typing import Any

from mirror.history import record


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
