"""What an answer means: one table from statuses to errors, and JSON read with care."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
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
from .problems import errors_in_body

LONGEST_PAUSE = 86_400.0
# What a server between us and the API says of the exchange, not of what was asked: too slow, too early, hung up.
_IN_PASSING = (408, 425, 499)
# How JSON writes a NUL or a surrogate, be it one of a pair or alone.
_UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def refusal(answer: Answer) -> CovageError | None:
    """The error that the answer's status stands for; None when it is a 2xx."""
    if 200 <= answer.status < 300:
        return None
    if answer.status >= 500:
        return _server_error(answer)
    meaning = _MEANINGS.get(answer.status)
    if meaning is None:
        meaning = _invalid if answer.status >= 400 and answer.status not in _IN_PASSING else _unexpected
    return meaning(answer)


def document(answer: Answer) -> dict[str, Any]:
    """The JSON object in the body. Raises BadAnswer when there is none."""
    content = decoded(answer)
    if not isinstance(content, dict):
        raise BadAnswer(f"{answer.request}: expected an object, got {_kind(content)}.", status=answer.status)
    return content


def nothing(answer: Answer) -> None:
    """Check the answer to a deletion: an empty body or an object. Raises BadAnswer for anything else."""
    if answer.body.strip():
        document(answer)


def decoded(answer: Answer) -> object:
    """The JSON in the body, with null for what is no number in JSON (NaN, infinities). Raises BadAnswer.

    Its texts hold no NUL and no half of a character, which JSON can write and hardly anything can store.
    """
    try:
        content = json.loads(answer.body, parse_constant=lambda _: None, parse_float=_finite)
        return _storable(content) if _UNSTORABLE.search(answer.body) else content
    except (ValueError, RecursionError) as error:
        kind = answer.headers.get("Content-Type", "no content type")
        raise BadAnswer(
            f"{answer.request}: the answer ({kind}) is not JSON.", status=answer.status
        ) from error


def retry_after(answer: Answer) -> float | None:
    """The seconds that `Retry-After` (seconds or an HTTP date) asks for, at most a day, or None."""
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
    """Where a redirect or link points, without the query, for messages."""
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
    message = f"{answer.request}: the vendor failed ({answer.status})."
    return ServerError(message, status=answer.status, retry_after=retry_after(answer))


def _rate_limited(answer: Answer) -> RateLimited:
    asked = retry_after(answer)
    pause = answer.request.untold_pause if asked is None else asked
    message = f"{answer.request}: too many requests; not processed, try again in {pause:.0f} s."
    return RateLimited(message, status=answer.status, retry_after=pause)


def _invalid(answer: Answer) -> Invalid:
    errors = errors_in_body(answer.body)
    named = sorted({error.path for error in errors if re.fullmatch(r"[a-z0-9_.]+", error.path)})
    where = f", at {', '.join(named)}" if named else ""
    message = f"{answer.request}: the content was refused ({answer.status}){where}."
    return Invalid(message, status=answer.status, errors=errors)


def _unexpected(answer: Answer) -> BadAnswer:
    location = answer.headers.get("Location")
    told = (
        f"a redirect to {place(location)}" if location and answer.status < 400 else f"status {answer.status}"
    )
    return BadAnswer(
        f"{answer.request}: answered with {told}, which is not followed here.", status=answer.status
    )


def _saying(error: type[CovageError], sentence: str) -> Callable[[Answer], CovageError]:
    return lambda answer: error(f"{answer.request}: {sentence} ({answer.status}).", status=answer.status)


def _absent(sentence: str) -> Callable[[Answer], CovageError]:
    """NotFound, unless the body is a page: then something between us and the API answered, which knows nothing."""
    not_found = _saying(NotFound, sentence)
    return lambda answer: _unexpected(answer) if answer.body.lstrip().startswith(b"<") else not_found(answer)


_MEANINGS: Mapping[int, Callable[[Answer], CovageError]] = {
    400: _invalid,
    401: _saying(Unauthorized, "a fresh token was refused; not processed"),
    403: _saying(Forbidden, "the account has no right to this; not processed"),
    404: _absent("the vendor knows no such thing"),
    409: _saying(Conflict, "the state at the vendor doesn't allow this; not processed"),
    410: _absent("the vendor has it no longer"),
    422: _invalid,
    429: _rate_limited,
}
