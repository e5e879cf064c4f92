"""What follows from what was typed into a line: the rest of the commune, the customer's name at the first site."""

from collections.abc import Iterator
from typing import Any

from drafts.editing import Edit, Texts
from geo import communes
from sessions_app.fields import CONTACTS
from sessions_app.models import Line

_PLACE = ("city", "postcode", "insee_code")


def completed(line: Line, edit: Edit, texts: Texts) -> Iterator[tuple[str, Any]]:
    """Yield the values, by path, that a line gets beside what was typed, never instead of it."""
    flat = line.flat_draft | edit.values
    for index in sorted({path.split(".")[1] for path in edit.values if path.startswith(f"{CONTACTS}.")}):
        paths = {name: f"{CONTACTS}.{index}.{name}" for name in _PLACE}
        if not any(path in edit.values for path in paths.values()):
            continue
        known = communes.complete(*(str(flat.get(path) or "") for path in paths.values()))
        for name, value in known.items():
            if paths[name] not in edit.typed and paths[name] not in line.typed:
                yield paths[name], value
    on_site = f"{CONTACTS}.0.end_customer_name"
    if edit.values.get("end_customer_name") and not flat.get(on_site) and not texts.get(on_site):
        yield on_site, edit.values["end_customer_name"]
