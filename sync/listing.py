"""Reading the vendor's lists."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from covage import BadAnswer, NotFound

Document = dict[str, Any]


@contextmanager
def reading_a_list() -> Iterator[None]:
    """Let a 404 in here speak of the list, not of what is in it. Raises BadAnswer for it."""
    try:
        yield
    except NotFound as error:
        raise BadAnswer(error.message, status=error.status, request_uuid=error.request_uuid) from error


def listed(pages: Iterable[list[Document]]) -> Iterator[Document]:
    """What the pages of a list show. Raises BadAnswer on a 404."""
    with reading_a_list():
        for page in pages:
            yield from page
