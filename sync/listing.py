"""Reading the vendor's lists: a list that can't be found is a failure, not a list whose items are gone."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from covage import BadAnswer, NotFound

Document = dict[str, Any]


@contextmanager
def reading_a_list() -> Iterator[None]:
    """Treat a 404 in this block as the list's failure, not as something that is gone. Raises BadAnswer for it."""
    try:
        yield
    except NotFound as error:
        raise BadAnswer(error.message, status=error.status, request_uuid=error.request_uuid) from error


def listed(pages: Iterable[list[Document]]) -> Iterator[Document]:
    """Yields the documents on the pages of a list. Raises BadAnswer on a 404."""
    with reading_a_list():
        for page in pages:
            yield from page
