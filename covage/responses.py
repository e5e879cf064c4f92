"""What an HTTP answer means: one table from statuses to errors, and JSON decoded with care."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from .errors import (
    BadAnswer,
    Conflict,
    CovageError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
)
from .pool import Answer
from .problems import errors_in_body, request_uuid

Failure = TypeVar("Failure", bound=CovageError)

LONGEST_PAUSE = 86_400.0  # seconds
# What a server between us and the API says of the exchange, not of the request: too slow, too early, hung up.
_IN_PASSING = (408, 425, 499)
# How JSON writes a NUL or a surrogate, be it one of a pair or alone.
_UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def refusal(answer: Answer) -> CovageError | None:
    """Return the error that the answer's status stands for; None when it is a 2xx."""
    if 200 <= answer.status < 300:
        return None
    if answer.status >= 500:
        return _server_error(answer)
    meaning = _MEANINGS.get(answer.status)
    if meaning is None:
        meaning = _invalid if answer.status >= 400 and answer.status not in _IN_PASSING else _unexpected
    return meaning(answer)


def failed(kind: type[Failure], answer: Answer, sentence: str, **more: Any) -> Failure:
    """Return the error that names the request, what came of it, and the id by which the vendor's support finds it."""
    uuid = request_uuid(answer.body)
    return kind(f"{answer.request}: {sentence}", status=answer.status, request_uuid=uuid, **more)


def document(answer: Answer) -> dict[str, Any]:
    """Return the JSON object in the body. Raises BadAnswer when there is none."""
    content = decoded(answer)
    if not isinstance(content, dict):
        raise failed(BadAnswer, answer, f"expected an object, got {_kind(content)}.")
    return content


def document_if_any(answer: Answer) -> dict[str, Any]:
    """Return the JSON object in the body, empty for an empty body. Raises BadAnswer for anything else."""
    return document(answer) if answer.body.strip() else {}


def nothing(answer: Answer) -> None:
    """Check the answer to a deletion: an empty body or an object. Raises BadAnswer for anything else."""
    document_if_any(answer)


def decoded(answer: Answer) -> object:
    """Return the JSON in the body, None for what isn't a number in JSON (NaN, infinities). Raises BadAnswer.

    Its texts hold no NUL and no half of a character, which JSON can write and hardly anything can store.
    """
    try:
        content = json.loads(answer.body, parse_constant=lambda _: None, parse_float=_finite)
        return _storable(content) if _UNSTORABLE.search(answer.body) else content
    except (ValueError, RecursionError) as error:
        kind = answer.headers.get("Content-Type", "no content type")
        raise failed(BadAnswer, answer, f"the answer ({kind}) is not JSON.") from error


def retry_after(answer: Answer) -> float | None:
    """Return the seconds that `Retry-After` (seconds or an HTTP date) asks for, at most a day, or None."""
    text = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", text):
        return min(float(text), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((aware - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_PAUSE)


def place(location: str) -> str:
    """Return where a redirect or link points, without the query, for messages."""
    try:
        parts = urlsplit(location)
        return f"{parts.scheme}://{parts.hostname}{parts.path}" if parts.hostname else parts.path or "nowhere"
    except ValueError:
        return "an address that can't be read"


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _storable(content: object) -> object:
    if isinstance(content, str):
        return content.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(content, list):
        return [_storable(item) for item in content]
    if isinstance(content, dict):
        return {_storable(name): _storable(value) for name, value in content.items()}
    return content


def _kind(content: object) -> str:
    return {list: "a list", str: "a text", type(None): "null"}.get(type(content), "a bare value")


def _server_error(answer: Answer) -> ServerError:
    return failed(
        ServerError, answer, f"the vendor failed ({answer.status}).", retry_after=retry_after(answer)
    )


def _rate_limited(answer: Answer) -> RateLimited:
    requested = retry_after(answer)
    pause = answer.request.default_pause if requested is None else requested
    sentence = f"too many requests; not processed, try again in {pause:.0f} s."
    return failed(RateLimited, answer, sentence, retry_after=pause)


def _invalid(answer: Answer) -> Invalid:
    errors = errors_in_body(answer.body)
    named = sorted({error.path for error in errors if re.fullmatch(r"[a-z0-9_.]+", error.path)})
    where = f", at {', '.join(named)}" if named else ""
    return failed(Invalid, answer, f"the content was refused ({answer.status}){where}.", errors=errors)


def _unexpected(answer: Answer) -> BadAnswer:
    location = answer.headers.get("Location")
    received = (
        f"a redirect to {place(location)}" if location and answer.status < 400 else f"status {answer.status}"
    )
    return failed(BadAnswer, answer, f"answered with {received}, which is not followed here.")


def _error_saying(error: type[CovageError], sentence: str) -> Callable[[Answer], CovageError]:
    return lambda answer: failed(error, answer, f"{sentence} ({answer.status}).")


def _absent(sentence: str) -> Callable[[Answer], CovageError]:
    """NotFound, unless the body is a page: then something between us and the API answered, which knows nothing."""
    not_found = _error_saying(NotFound, sentence)
    return lambda answer: _unexpected(answer) if answer.body.lstrip().startswith(b"<") else not_found(answer)


_MEANINGS: Mapping[int, Callable[[Answer], CovageError]] = {
    400: _invalid,
    401: _error_saying(Unauthorized, "a fresh token was refused; not processed"),
    403: _error_saying(Forbidden, "the account has no right to this; not processed"),
    404: _absent("the vendor knows no such thing"),
    409: _error_saying(Conflict, "the state at the vendor doesn't allow this; not processed"),
    410: _absent("the vendor has it no longer"),
    422: _invalid,
    429: _rate_limited,
}
