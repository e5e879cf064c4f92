"""The states of operations as badges."""

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


def pending_with_badges(operations: OperationQuerySet) -> list[tuple[Operation, Badge]]:
    """Returns the unfinished ones of these operations, oldest first, each with the badge of its state."""
    return [(operation, badge_of(operation)) for operation in operations.unfinished().order_by("id")]


def badge_of(operation: Operation) -> Badge:
    if operation.state == State.REFUSED and operation.dismissed:
        return Badge(gettext("refused, dismissed"), "")
    return Badge(operation.get_state_display(), _TONES.get(operation.state, ""))
