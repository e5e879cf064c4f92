"""What is owed to the vendor about something, and what was refused of it, for components/owed.html."""

from uuid import UUID

from catalogue.badge import Badge
from mirror.models import Operation, OperationQuerySet

_TONES = {
    Operation.State.SENDING: "info",
    Operation.State.UNKNOWN: "warning",
    Operation.State.REFUSED: "bad",
}


def with_badges(operations: OperationQuerySet) -> list[tuple[Operation, Badge]]:
    """What is unfinished among these, oldest first, each with its state as it is shown."""
    return [(operation, _badge_of(operation)) for operation in operations.unfinished().order_by("id")]


def standing_refusal(operations: OperationQuerySet) -> Operation | None:
    """The newest of these, if it was refused and nobody has put that aside: nothing that came after put it right."""
    newest = operations.order_by("-id").first()
    return newest if newest and newest.state == Operation.State.REFUSED and not newest.dismissed else None


def about(subject_id: UUID) -> OperationQuerySet:
    """All that was ever owed about a subject."""
    return Operation.objects.filter(subject_id=subject_id)


def _badge_of(operation: Operation) -> Badge:
    state = Operation.State(operation.state)
    return Badge(str(state.label), _TONES.get(state, ""))
