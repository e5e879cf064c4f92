"""What a draft still lacks before it can be ordered, in the user's words, each item at the field to correct."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from drafts.fields import FieldSet
from drafts.merge import flatten, same
from web.words import refusal_words


class Missing(NamedTuple):
    """One thing to correct: the path of the field, a sentence, and how a person would name the field."""

    path: str
    message: str
    label: str = ""

    @property
    def anchor(self) -> str:
        """Where on the draft's page it is corrected."""
        return f"#id_{self.path.replace('.', '-')}" if self.path else ""


def wrong(field_set: FieldSet, typed: Mapping[str, str]) -> Iterator[Missing]:
    """What is wrong with typed texts (by path) that aren't valid values."""
    for path, text in typed.items():
        if field := field_set.field_at(path):
            try:
                field.parse(text)
            except ValidationError as error:
                yield Missing(path, error.messages[0], field_set.label_of(path))


def problems(
    field_set: FieldSet,
    conflicts: Iterable[str],
    refusals: Iterable[Mapping[str, Any]],
    draft: Mapping[str, Any],
) -> list[Missing]:
    """What the vendor's side leaves to a person: conflicts to settle, refused values to correct."""
    flat = flatten(draft)
    items = [
        Missing(path, _("Changed here and at Covage: choose which value to keep.")) for path in conflicts
    ]
    for refusal in refusals:
        if refusal["path"] and same(flat.get(refusal["path"]), refusal.get("held")):
            items.append(Missing(refusal["path"], refusal_sentence(refusal)))
    return in_order(field_set, items)


def refusal_sentence(refusal: Mapping[str, Any]) -> str:
    """A vendor's refusal (`code`, `message`, `value`) as a sentence."""
    said = refusal_words(refusal)
    if refusal.get("value"):
        return _("Covage refused “%(value)s”: %(said)s") % {"value": refusal["value"], "said": said}
    return _("Covage refused this value: %(said)s") % {"said": said}


def once(items: Iterable[Missing]) -> list[Missing]:
    """The items in their order, only the first of each path."""
    unique: dict[str, Missing] = {}
    for item in items:
        unique.setdefault(item.path, item)
    return list(unique.values())


def in_order(field_set: FieldSet, items: Iterable[Missing]) -> list[Missing]:
    """The items in the order of the form, only the first of each path, each with its label."""
    labelled = (item._replace(label=item.label or field_set.label_of(item.path)) for item in items)
    return sorted(once(labelled), key=lambda item: field_set.position(item.path))
