"""What can go wrong with the vendor, one class for each thing that a caller can do about it.

Messages are plain English for logs and developers: the request, what came of it, what is safe to do. They contain
method and path, never a token, a password or anything from a body.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One refusal by the vendor. `path` is dotted and canonical, "" when no field is named."""

    path: str
    code: str
    message: str
    value: object = None


class CovageError(Exception):
    """Any failure of a call. `status` is the HTTP status when there was one.

    `request_uuid` is what the vendor's support asks for, "" where the answer has none: the extranet's have one.
    `permanent` means that sending the same request again, unchanged, can't help.
    """

    permanent = False

    def __init__(self, message: str, *, status: int | None = None, request_uuid: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.request_uuid = request_uuid

    def __str__(self) -> str:
        return (
            f"{self.message} (support reference: {self.request_uuid})" if self.request_uuid else self.message
        )


class Unreachable(CovageError):
    """The request was certainly not processed (or, for a read, no answer came in spite of retries)."""


class OutcomeUnknown(CovageError):
    """A write was sent and no whole answer came: look it up at the vendor before trying again."""


class RateLimited(CovageError):
    """Refused for being too frequent, so not processed. Try again after `retry_after` seconds."""

    def __init__(
        self, message: str, *, status: int | None = None, request_uuid: str = "", retry_after: float = 60.0
    ) -> None:
        super().__init__(message, status=status, request_uuid=request_uuid)
        self.retry_after = retry_after


class Unauthorized(CovageError):
    """The credentials, or a token fresh from them, were refused.

    Not permanent: once the account is repaired the very same request succeeds.
    """


class Forbidden(CovageError):
    """The account has no right to this."""

    permanent = True


class NotFound(CovageError):
    """The vendor knows no such thing, or no longer."""

    permanent = True


class Conflict(CovageError):
    """The thing is not in a state that allows this."""

    permanent = True


class Invalid(CovageError):
    """The vendor refuses the content; `errors` say where and why, as far as the vendor does."""

    permanent = True

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        request_uuid: str = "",
        errors: Iterable[FieldError] = (),
    ) -> None:
        super().__init__(message, status=status, request_uuid=request_uuid)
        self.errors = list(errors)


class ServerError(CovageError):
    """The vendor failed (5xx). After a write the outcome is unknown as well: look it up first.

    `retry_after` is the pause in seconds that the vendor asks for, if it does.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        request_uuid: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, status=status, request_uuid=request_uuid)
        self.retry_after = retry_after


class BadAnswer(CovageError):
    """Not what any edition of the API says. After a write the outcome is unknown: look it up first."""
