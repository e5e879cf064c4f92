"""What is owed to the vendor, as it is shown."""

from django.utils.translation import gettext

from outbox.models import Operation, OperationQuerySet
from web.badge import Badge

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


def badge_of(operation: Operation) -> Badge:
    if operation.state == State.REFUSED and operation.dismissed:
        return Badge(gettext("refused, dismissed"), "")
    return Badge(operation.get_state_display(), _TONES.get(operation.state, ""))
