"""The form of a list with many filters: the active ones, the most used, and all others in groups."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lists import cells
from lists.columns import Words

Names = tuple[str, ...]


class ActiveFilter(NamedTuple):
    """A filter that is in use: its label, its value as text, and the query without it."""

    label: str
    text: str
    query: str


class GroupedForm(forms.Form):
    """Bound to the URL's query, for `lists/filters/grouped.html`.

    `at_first` are shown before all others; `ticked` takes several values; `flags` are checkboxes; `grouped` are
    the titled groups of choices. All other fields are days.
    """

    at_first: ClassVar[Names]
    ticked: ClassVar[str]
    flags: ClassVar[Names]
    grouped: ClassVar[tuple[tuple[Words, Names], ...]]

    @property
    def first(self) -> list[BoundField]:
        """The most used fields."""
        return [self[name] for name in self.at_first]

    @property
    def several(self) -> BoundField:
        """The field of which several values may be ticked."""
        return self[self.ticked]

    @property
    def groups(self) -> list[tuple[Words, list[BoundField]]]:
        """The other fields, under what they are about; the flags first."""
        named = ((_("Only"), self.flags), *self.grouped)
        placed = {*self.at_first, self.ticked, *(name for _title, names in named for name in names)}
        days = tuple(name for name in self.fields if name not in placed)
        return [(title, [self[name] for name in names]) for title, names in (*named, (_("Days"), days))]

    @property
    def is_wrong_within(self) -> bool:
        """Whether a field that may be folded away is in error."""
        return any(name not in self.at_first for name in self.errors)

    @property
    def active_filters(self) -> Iterator[ActiveFilter]:
        """The fields that are filled, except those in error."""
        for name, field in self.fields.items():
            value = None if name in self.errors else self.cleaned_data[name]
            if value:
                yield ActiveFilter(str(field.label), self._text(name, value), self._without(name))

    def _text(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and value is not True:
            labels = {str(code): str(label) for code, label in field.choices}  # type: ignore[union-attr, misc]
            return ", ".join(labels[code] for code in (value if isinstance(value, list) else [value]))
        if isinstance(value, date):
            return cells.day(value)
        return "" if value is True else str(value)

    def _without(self, name: str) -> str:
        kept = QueryDict(mutable=True)
        kept.update(self.data)
        for gone in (name, "after", "before"):
            kept.pop(gone, None)
        return kept.urlencode()
