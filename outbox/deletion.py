"""Deleting upstream what was deleted here; something already gone counts as deleted."""

from contextlib import suppress
from typing import Any, Generic

from covage import NotFound
from outbox.handlers import ClientT
from outbox.models import Operation

Document = dict[str, Any]


class Deletion(Generic[ClientT]):
    """Sends a deletion, and looks up whether it took effect. `sent["delete"]` is the upstream id of what goes."""

    def delete(self, sent: Document, client: ClientT) -> None:
        """Delete it. May raise NotFound."""
        raise NotImplementedError

    def is_there(self, sent: Document, client: ClientT) -> bool:
        """Return whether it is still there. May raise NotFound instead of returning False."""
        raise NotImplementedError

    def send(self, operation: Operation, client: ClientT) -> Document:
        with suppress(NotFound):
            self.delete(operation.sent or {}, client)
        return {}

    def verify(self, operation: Operation, client: ClientT) -> Document | None:
        try:
            return None if self.is_there(operation.sent or {}, client) else {}
        except NotFound:
            return {}
