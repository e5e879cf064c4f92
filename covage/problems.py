"""The vendor's refusals, whatever their shape, as `FieldError`s (docs/vendor-readings.md, 28).

Understood are `{"detail": "…"}`, `{"detail": [{"loc", "msg", "type"}]}`, `{field: [messages]}` nested at
will, `termination_error` lists with `property_path`, and the extranet's `{"apirequest_uuid", "error", "details":
[{"field", "errors"}]}`. Anything else becomes readable text without a path. Nothing that a server may send makes
this fail.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from .errors import FieldError
from .wire import canonical_name

MOST_ERRORS = 200
DEEPEST = 20  # levels of nesting
LONGEST_TEXT = 500  # characters
REQUEST_UUID = "apirequest_uuid"

_TEXTS = ("detail", "message", "msg", "error_description", "title", "error")
_LOCATIONS = ("loc", "property_path", "field")
_NO_FIELD = ("non_field_errors", "__all__")
_TRANSPARENT = {*_TEXTS, *_NO_FIELD, "details", "errors"}
_LOC_ROOTS = {"body", "query", "path", "header", "form"}
_LOC_PAYLOADS = {"body", "payload", "data", "item"}
_PATH_PART = re.compile(r"[^.\[\]/'\"$\s]+")
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)

Path = tuple[str, ...]


def errors_in_body(body: bytes) -> list[FieldError]:
    """Return what the body of a refusal says, JSON or not."""
    return field_errors(_decoded(body))


def request_uuid(body: bytes) -> str:
    """Return the id by which the vendor's support finds the request; "" where the answer has none."""
    document = _decoded(body) if REQUEST_UUID.encode() in body else None
    uuid = document.get(REQUEST_UUID) if isinstance(document, Mapping) else None
    return _text(uuid) if isinstance(uuid, str) else ""


def field_errors(document: object) -> list[FieldError]:
    """Return what a decoded refusal says. With termination errors or the extranet's details, these alone count."""
    errors = termination_errors(document)
    if not errors and isinstance(document, Mapping) and REQUEST_UUID in document:
        errors = _all(document.get("details"))
        document = {key: value for key, value in document.items() if key != REQUEST_UUID}
    return errors or _all(document)


def termination_errors(document: object) -> list[FieldError]:
    """Return the `termination_error` lists in a document (a line, a cart with lines, a refusal), with full paths."""
    return list(islice(_terminations(document, (), 0), MOST_ERRORS))


def _decoded(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", errors="replace")


def _all(node: object) -> list[FieldError]:
    return list(islice(_flattened(node, (), 0), MOST_ERRORS))


def _terminations(node: object, path: Path, depth: int) -> Iterator[FieldError]:
    if depth > DEEPEST:
        return
    for key, value in _children(node):
        if key == "termination_error":
            yield from _flattened(value, path, depth)
        else:
            yield from _terminations(value, (*path, canonical_name(key)), depth + 1)


def _children(node: object) -> Iterator[tuple[str, object]]:
    if isinstance(node, Mapping):
        yield from ((str(key), value) for key, value in node.items())
    elif isinstance(node, list):
        yield from ((str(index), value) for index, value in enumerate(node))


def _flattened(node: object, path: Path, depth: int) -> Iterator[FieldError]:
    if depth > DEEPEST:
        yield _error(path, "", "…")
    elif isinstance(node, Mapping):
        yield from _flattened_mapping(node, path, depth)
    elif isinstance(node, list):
        for index, item in enumerate(node):
            nests = isinstance(item, list) or (isinstance(item, Mapping) and not _says_where(item))
            yield from _flattened(item, (*path, str(index)) if nests else path, depth + 1)
    elif node is not None and node != "":
        yield _error(path, "", _text(node))


def _flattened_mapping(node: Mapping[str, object], path: Path, depth: int) -> Iterator[FieldError]:
    if _is_field(node):
        yield from _flattened(node["errors"], _located(node, path), depth + 1)
        return
    if is_problem := _is_problem(node):
        yield _problem(node, path)
    for key, value in node.items():
        if is_problem and (key in _LOCATIONS or not isinstance(value, (Mapping, list))):
            continue
        inner = path if key in _TRANSPARENT else (*path, *_path_parts(str(key)))
        yield from _flattened(value, inner, depth + 1)


def _says_where(node: Mapping[str, object]) -> bool:
    return _is_field(node) or _is_problem(node)


def _is_field(node: Mapping[str, object]) -> bool:
    """A mapping that names a field and lists what is wrong with it."""
    return isinstance(node.get("field"), str) and "errors" in node and not _is_problem(node)


def _is_problem(node: Mapping[str, object]) -> bool:
    """A mapping that describes one problem, rather than one that has a problem under each field's name."""
    return isinstance(node.get("property_path"), str) or any(isinstance(node.get(key), str) for key in _TEXTS)


def _problem(node: Mapping[str, object], path: Path) -> FieldError:
    code = _text(node.get("code") or node.get("type") or "")
    message = next((_text(node[key]) for key in _TEXTS if isinstance(node.get(key), str)), code)
    return _error(_located(node, path), code, message, node.get("value", node.get("input")))


def _located(node: Mapping[str, object], path: Path) -> Path:
    loc = node.get("loc")
    if isinstance(loc, list):
        return _without_roots(tuple(part for step in loc for part in _path_parts(str(step))))
    named = node.get("property_path") or node.get("field")
    parts = _path_parts(named) if isinstance(named, str) and named not in _NO_FIELD else ()
    is_absolute = bool(path) and parts[:1] == path[:1]
    return parts if is_absolute else (*path, *parts)


def _without_roots(loc: Path) -> Path:
    """`body`, and the name of the server's own argument after it, are no part of the document."""
    if len(loc) > 1 and loc[0] in _LOC_ROOTS:
        loc = loc[1:]
        if len(loc) > 1 and loc[0] in _LOC_PAYLOADS:
            loc = loc[1:]
    return () if loc in {("__root__",), ("body",)} else loc


def _path_parts(path: str) -> Path:
    """`related_contact_information[0].siret`, `$.enni_2` or `/enni_2` in canonical parts."""
    return tuple(canonical_name(part) for part in _PATH_PART.findall(path))


def _error(path: Path, code: str, message: str, value: object = None) -> FieldError:
    return FieldError(_text(".".join(path)), code, message, _text(value) if isinstance(value, str) else value)


def _text(value: object) -> str:
    """One line that can be read, stored and encoded: no mark-up, no control characters, no endless page."""
    text = str(value)[: 40 * LONGEST_TEXT]
    if "<" in text:
        text = html.unescape(_UNSEEN.sub(" ", text))
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    text = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
