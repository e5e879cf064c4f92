"""The kinds of operations: what each asks, how it is done, and to which of the vendor's APIs it is sent."""

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
    """Said by a handler when its operation must not, or no longer, be carried out: it ends as refused.

    `failure` has a sentence for the reader in `outbox.models.SENTENCES`. Raised from a CovageError, the reader is told
    that error's `request_uuid`, too.
    """

    def __init__(self, failure: str, errors: Iterable[dict[str, Any]] = ()) -> None:
        super().__init__(failure)
        self.failure = failure
        self.errors = list(errors)


class Postponed(Exception):
    """Said by a handler when what it has to know first can't be had, which says nothing of the operation.

    It is tried again later: from the start if nothing of it was sent, else by another look. `failure` is as in Refused.
    """

    def __init__(self, failure: str, detail: str = "") -> None:
        super().__init__(failure)
        self.failure = failure
        self.detail = detail


class Handler(Protocol[ClientT]):
    """What one kind of operation asks, and how it is done with one API's client.

    `apply` and `refused` run in the transaction that ends it, and raise nothing: it would be a fault. `prepare`,
    `send` and `verify` may raise

    - any CovageError of the client, whose kind says what becomes of the operation (docs/architecture.md, the outbox). A
      NotFound ends it as refused, in a look-up, too: what it was about is gone. So one that speaks of anything else, as
      of a list that was asked, is not let through (`sync.listing`, or one of these two);
    - Refused, when what was read or answered says that it can't be done any more;
    - Postponed, but not from `send`, when what it has to know first can't be had.
    """

    def describe(self, operation: Operation) -> str:
        """What is asked of the vendor, as a verb with its object: "delete the cart"."""

    def prepare(self, operation: Operation, client: ClientT) -> dict[str, Any] | None:
        """What to send, or None when there is nothing to do any more. May read upstream.

        Raises Refused, Postponed, and NotFound when what it is about is surely gone.
        """

    def send(self, operation: Operation, client: ClientT) -> dict[str, Any]:
        """Send `operation.sent`; answer what the vendor answered.

        Raises NotFound when what it is about is gone, and Refused when the vendor's no has a sentence of its own.
        """

    def verify(self, operation: Operation, client: ClientT) -> dict[str, Any] | None:
        """Look upstream whether `operation.sent` took effect: the vendor's document if so, else None.

        Raises NotFound only when what it was about is surely gone, and Refused when it is seen that it came to
        something else, for both end the operation; Postponed when it can't be looked up.
        """

    def apply(self, operation: Operation, answer: dict[str, Any]) -> None:
        """Take the vendor's answer into the rows."""

    def refused(self, operation: Operation) -> None:
        """Take the refusal on `operation.errors` into the rows."""


@dataclass(frozen=True)
class _Registered:
    """A kind's handler, and the API whose client it is given."""

    handler: Handler[Any]
    api: str


_handlers: dict[str, _Registered] = {}


def register(handlers: Mapping[str, Handler[Any]], api: str = COVAGE) -> None:
    """Make an app's operations on one API known: {kind: handler}. Called from each app's `ready`."""
    _handlers.update({kind: _Registered(handler, api) for kind, handler in handlers.items()})


def api_of(kind: str) -> str:
    """The API that operations of a kind are sent to; none ("") of a kind that no installed app knows."""
    return _handlers[kind].api if kind in _handlers else ""


def of_api(*apis: str) -> Q:
    """The condition that operations are sent to one of these APIs: the same as `api_of` says, for a query."""
    return Q(kind__in=[kind for kind in _handlers if api_of(kind) in apis])


def of_configured_apis() -> Q:
    """The condition that operations are sent to an API that is configured."""
    return of_api(*configured())


def of_unknown_kind() -> Q:
    """The condition that no installed app knows how operations are done: they wait, and are sent to no API."""
    return ~Q(kind__in=list(_handlers))


def description_of(operation: Operation) -> str:
    """What an operation asks, in words; its kind in words when no installed app knows it."""
    return (
        _handlers[operation.kind].handler.describe(operation)
        if operation.kind in _handlers
        else in_words(operation.kind.replace("-", "_"))
    )


def handler_of(kind: str) -> Handler[Any]:
    """How a kind is done. Raises LookupError for one that no installed app knows."""
    try:
        return _handlers[kind].handler
    except KeyError:
        raise LookupError(f"No installed application knows how to do {kind!r}; it stays owed.") from None
