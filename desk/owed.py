"""What is owed to the vendor about something, and what was refused of it, as it is shown."""

from uuid import UUID

from django.utils.translation import gettext

from catalogue.badge import Badge
from mirror.models import Operation, OperationQuerySet

State = Operation.State
_TONES: dict[str, str] = {
    State.SENDING: "info",
    State.UNKNOWN: "warning",
    State.SUCCEEDED: "good",
    State.REFUSED: "bad",
}


def with_badges(operations: OperationQuerySet) -> list[tuple[Operation, Badge]]:
    """What is unfinished among these, oldest first, each with its state as it is shown."""
    return [(operation, badge_of(operation)) for operation in operations.unfinished().order_by("id")]


def standing_refusal(operations: OperationQuerySet) -> Operation | None:
    """The newest of these, if it was refused and nobody has put that aside: nothing that came after put it right."""
    newest = operations.order_by("-id").first()
    return newest if newest and newest.state == State.REFUSED and not newest.dismissed else None


def about(subject_id: UUID) -> OperationQuerySet:
    """All that was ever owed about a subject."""
    return Operation.objects.filter(subject_id=subject_id)


def badge_of(operation: Operation) -> Badge:
    if operation.state == State.REFUSED and operation.dismissed:
        return Badge(gettext("refused, put aside"), "")
    return Badge(operation.get_state_display(), _TONES.get(operation.state, ""))
