"""What was sent of a draft against what the vendor shows afterwards."""

from typing import Any

from mirror.merge import flatten, name_of, same

Document = dict[str, Any]


def if_equal(document: Document, sent: Document) -> Document | None:
    """The document if it shows all that was sent, else None. What it does not show can't speak against."""
    shown, wanted = flatten({k: v for k, v in document.items() if k in sent}), flatten(sent)
    hidden = set(sent) - set(document)
    equal = all(
        same(shown.get(path), wanted.get(path))
        for path in shown.keys() | wanted.keys()
        if name_of(path) not in hidden
    )
    return document if equal else None
