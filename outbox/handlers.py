"""The kinds of operations: the protocol of their handlers, and which of the vendor's APIs each is sent to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db.models import Q

from covage import Covage, Extranet
from outbox.apis import COVAGE, configured
from outbox.models import Operation
from web.words import in_words

Client = Covage | Extranet

ClientT = TypeVar("ClientT", contravariant=True)


class Refused(Exception):
    """Raised by a handler whose operation must not be carried out, or no longer: it ends as refused.

    `failure` has a sentence for the reader in `outbox.models.SENTENCES`. When it is raised from a CovageError, the
    reader sees that error's `request_uuid`, too.
    """

    def __init__(self, failure: str, errors: Iterable[dict[str, Any]] = ()) -> None:
        super().__init__(failure)
        self.failure = failure
        self.errors = list(errors)


class Postponed(Exception):
    """Raised by a handler that can't find out what it has to know first, which says nothing of the operation.

    It is tried again later: from the start if nothing of it was sent, else with another look-up. `failure` is as
    in Refused.
    """

    def __init__(self, failure: str, detail: str = "") -> None:
        super().__init__(failure)
        self.failure = failure
        self.detail = detail


class Handler(Protocol[ClientT]):
    """How one kind of operation is described, prepared, sent, looked up and applied, with one API's client.

    `describe`, `apply` and `refused` raise nothing; the last two run in the transaction that ends the operation. The
    others may raise

    - `prepare`, `send`, `verify`: any CovageError of the client, whose kind decides what becomes of the operation
      (docs/architecture.md, the outbox). A NotFound ends it as refused, even in a look-up, because it means that what
      the operation is about is gone: a NotFound about anything else, such as a list, must be caught
      (`sync.listing`) or turned into one of these two;
    - `prepare`, `send`, `verify`: Refused, when what was read or answered shows that it can't be done any more;
    - `prepare`, `verify`: Postponed, when they can't find out what they have to know first.

    Anything else that is raised is a fault: it is logged, and the operation is tried again later.
    """

    def describe(self, operation: Operation) -> str:
        """Returns what the vendor is to do, as a verb with its object: "delete the cart"."""

    def prepare(self, operation: Operation, client: ClientT) -> dict[str, Any] | None:
        """Returns what to send, or None when there is nothing left to do. May read upstream.

        Raises Refused, Postponed, or NotFound when what it is about is certainly gone.
        """

    def send(self, operation: Operation, client: ClientT) -> dict[str, Any]:
        """Send `operation.sent`, once. Returns the vendor's answer.

        Raises NotFound when what it is about is gone, or Refused when the vendor's refusal has a sentence of its own.
        """

    def verify(self, operation: Operation, client: ClientT) -> dict[str, Any] | None:
        """Look up whether `operation.sent` took effect. Returns the vendor's document if so, else None.

        Raises NotFound only when what it was about is certainly gone, or Refused when something else came of it,
        because both end the operation; Postponed when it can't be looked up now.
        """

    def apply(self, operation: Operation, answer: dict[str, Any]) -> None:
        """Write the vendor's answer into the rows."""

    def refused(self, operation: Operation) -> None:
        """Write the refusal, whose `operation.errors` say why, into the rows."""


@dataclass(frozen=True)
class _RegisteredHandler:
    """A kind's handler, and the API whose client it is given."""

    handler: Handler[Any]
    api: str


HANDLERS: dict[str, _RegisteredHandler] = {}


def register(handlers: Mapping[str, Handler[Any]], api: str = COVAGE) -> None:
    """Register an app's handlers for one API, as {kind: handler}. Called from each app's `ready`."""
    HANDLERS.update({kind: _RegisteredHandler(handler, api) for kind, handler in handlers.items()})


def api_of(kind: str) -> str:
    """Returns the API that operations of a kind are sent to; "" for a kind that no installed app handles."""
    return HANDLERS[kind].api if kind in HANDLERS else ""


def of_api(*apis: str) -> Q:
    """The condition that operations are sent to one of these APIs: as `api_of`, for a query."""
    return Q(kind__in=[kind for kind in HANDLERS if api_of(kind) in apis])


def of_configured_apis() -> Q:
    """The condition that operations are sent to an API that is configured."""
    return of_api(*configured())


def of_unknown_kind() -> Q:
    """The condition that no installed app handles the operations: they wait, and are sent to no API."""
    return ~Q(kind__in=list(HANDLERS))


def description_of(operation: Operation) -> str:
    """Returns what the vendor is to do, in words; the kind in words when no installed app handles it."""
    return (
        HANDLERS[operation.kind].handler.describe(operation)
        if operation.kind in HANDLERS
        else in_words(operation.kind.replace("-", "_"))
    )


def handler_of(kind: str) -> Handler[Any]:
    """Returns the handler of a kind. Raises LookupError when no installed app handles it."""
    try:
        return HANDLERS[kind].handler
    except KeyError:
        raise LookupError(f"No installed application handles {kind!r}; it stays pending.") from None
