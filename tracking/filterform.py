"""The form of the filters of the list of orders: what is in force, and the many fields in groups."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk import cells

FIRST = ("q", "place", "end_customer_name")
CHOICES = ("offer_technology", "offer_family", "step", "commitment", "project_id", "created_by")
FLAGS = ("late", "stuck", "notice_due", "terminating", "unread", "watched", "mine", "ordered_here")


class Asked(NamedTuple):
    """A filter in force: what it is called, what was asked, and the query without it."""

    label: str
    text: str
    query: str


class OrderFilterForm(forms.Form):
    """Bound to the URL's query."""

    @property
    def first(self) -> list[BoundField]:
        """What is asked for most: shown before all others."""
        return [self[name] for name in FIRST]

    @property
    def groups(self) -> list[tuple[Promise, list[BoundField]]]:
        """The other fields but the states, under what they are about."""
        others = [name for name in self.fields if name not in {*FIRST, *CHOICES, *FLAGS, "state"}]
        named = ((_("Only those"), FLAGS), (_("Product and origin"), CHOICES), (_("Days"), others))
        return [(title, [self[name] for name in names]) for title, names in named]

    @property
    def is_wrong_within(self) -> bool:
        """Whether a field that may be folded away is in error."""
        return any(name not in FIRST for name in self.errors)

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
