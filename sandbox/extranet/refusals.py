"""Errors as the extranet writes them: `{"apirequest_uuid": "KOSC_…", "error": …, "details": [{field, errors}]}`."""

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.exchange import Answer, Refusal, answer

INVALID = "Invalid input"
REQUIRED = "This field is required."
PREFIXES = (
    "/api/account/", "/api/v2/", "/api/orders/", "/api/contacts/", "/api/events/", "/api/products/",
    "/api/product-lines/", "/api/product-families/",
)  # fmt: skip
Errors = dict[str, list[str]]


def concerns(path: str) -> bool:
    """Whether the path belongs to the extranet, its last slash being there or not."""
    return f"{path}/".startswith(PREFIXES)


def error_document(error: str, errors: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
    """Return an error's body, under a new identifier."""
    details = errors and [{"field": field, "errors": messages} for field, messages in errors.items()]
    return {"apirequest_uuid": f"KOSC_{uuid.uuid4()}", "error": error, "details": details or None}


def refused(status: int, error: str) -> Refusal:
    return Refusal(status, error_document(error))


def invalid(errors: Mapping[str, list[str]]) -> Refusal:
    """Return a 400 that names each field with what is wrong with it."""
    return Refusal(400, error_document(INVALID, errors))


def refuse(errors: Mapping[str, list[str]]) -> None:
    """Raise Refusal 400 if there is any error."""
    if errors:
        raise invalid(errors)


def as_the_extranet_says(refusal: Refusal) -> Answer:
    """Return the refusal's answer, in the extranet's shape, whichever part refused."""
    document = refusal.document
    if not isinstance(document, dict) or "apirequest_uuid" in document:
        return refusal.answer
    detail = document.get("detail")
    if isinstance(detail, list):
        errors = {str(problem["loc"][-1]): [str(problem["msg"])] for problem in detail}
        document = error_document(INVALID, errors)
    else:
        document = error_document(str(detail))
    return answer(refusal.answer.status, document, refusal.answer.headers)
