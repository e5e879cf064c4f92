"""What goes over the wire: a request as read, an answer as written, and a refusal in place of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

JSON = "application/json"


@dataclass
class HttpRequest:
    """One HTTP request; `account` is filled in once its token has been recognised."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes = b""
    base_url: str = ""
    account: str = ""

    @property
    def content_type(self) -> str:
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""

    def document(self) -> Any:
        """Return the JSON body; raises Refusal (415 or 400) when it is not JSON."""
        if self.body and self.content_type != JSON:
            raise Refusal(415, {"detail": f"Unsupported media type “{self.content_type}”, send {JSON}."})
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Refusal(
                400, {"detail": [{"loc": ["body"], "msg": f"Invalid JSON: {error}", "type": "json_invalid"}]}
            ) from error


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, ready to be written; with `chunks` in place of a body it is streamed."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None


class Refusal(Exception):
    """The request is answered with this status and document instead of being carried out."""

    def __init__(self, status: int, document: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {document}")
        self.document = document
        self.answer = answer(status, document, headers)


def answer(status: int, document: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a JSON answer."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return Answer(status, body, headers=headers or {})
