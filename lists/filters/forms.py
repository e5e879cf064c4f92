"""The form of a list's many filters: what is in force, what is asked for most, and all others in groups."""

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


class Asked(NamedTuple):
    """A filter in force: what it is called, what was asked, and the query without it."""

    label: str
    text: str
    query: str


class GroupedForm(forms.Form):
    """Bound to the URL's query, for `lists/filters/grouped.html`.

    `at_first` is shown before all others; of `ticked` several values may be asked; `flags` are asked by a mere
    yes; `grouped` are the titled groups of choices. What is named nowhere are days.
    """

    at_first: ClassVar[Names]
    ticked: ClassVar[str]
    flags: ClassVar[Names]
    grouped: ClassVar[tuple[tuple[Words, Names], ...]]

    @property
    def first(self) -> list[BoundField]:
        """What is asked for most."""
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
    def asked(self) -> Iterator[Asked]:
        """What is in force: the fields that are filled, but for those in error."""
        for name, field in self.fields.items():
            value = None if name in self.errors else self.cleaned_data[name]
            if value:
                yield Asked(str(field.label), self._text(name, value), self._without(name))

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
