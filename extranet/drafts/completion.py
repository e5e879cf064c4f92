"""Values that follow from what was typed into a copper order, such as the INSEE code of a city."""

from collections.abc import Iterator
from typing import Any

from drafts.editing import Edit, Texts
from drafts.merge import Flat, is_blank
from drafts.models import own_reference
from extranet.fields import ENDPOINT_REF
from extranet.formats import LINE_NUMBER, is_line_number
from extranet.ingest import REFERENCE
from extranet.models import CopperOrder
from geo import communes

PLACE = {"city": "address.city", "insee_code": "address.insee_code"}


def completed(order: CopperOrder, edit: Edit, texts: Texts) -> Iterator[tuple[str, Any]]:
    """The values, by path, that an order gets beside what was typed; they never replace what was typed."""
    flat = order.flat_draft | edit.values
    wrong = {*order.typed, *edit.typed} - {*edit.values}
    for path, value in (*_commune(edit, flat), *_options(edit), *_kinds(edit)):
        is_free = is_blank(flat.get(path)) and path not in wrong
        if is_free and not texts.get(path, "").strip():
            yield path, value
    if REFERENCE in edit.values and is_blank(edit.values[REFERENCE]):
        yield REFERENCE, own_reference(order.uuid)


def _commune(edit: Edit, flat: Flat) -> Iterator[tuple[str, Any]]:
    if any(path in edit.values for path in PLACE.values()):
        city, code = (str(flat.get(path) or "") for path in PLACE.values())
        known = communes.complete(city, "", code)
        yield from ((PLACE[name], value) for name, value in known.items() if name in PLACE)


def _options(edit: Edit) -> Iterator[tuple[str, Any]]:
    """An option that gets a value is enabled, unless it was ticked or unticked by hand."""
    for path, value in edit.values.items():
        if path.startswith("options.") and not is_blank(value):
            enabled = f"options.{path.split('.')[1]}.enabled"
            if enabled not in edit.values:
                yield enabled, True


def _kinds(edit: Edit) -> Iterator[tuple[str, Any]]:
    """Ten digits are a line's number; the type of any other reference comes from the eligibility study."""
    for path, value in edit.values.items():
        if ENDPOINT_REF.fullmatch(path) and is_line_number(str(value or "")):
            yield f"{path}_type", LINE_NUMBER
