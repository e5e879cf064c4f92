"""The filters that filter sets declare: exact, by words, by choice, by days and by moments."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lists.columns import Words
from lists.filters.choices import Choices
from lists.paging import Rows
from lists.search import TooShort, containing, words_of

LONGEST_SEARCH = 200  # characters
# Days at the ends of the calendar have no moment in some time zones.
POSSIBLE_DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]

# A method's name on the filter set, or a function of queryset, name and value.
Narrowing = str | Callable[[Any, str, Any], Any]


def exact(label: Words, field_name: str) -> django_filters.CharFilter:
    return django_filters.CharFilter(field_name=field_name, lookup_expr="exact", label=label)


def words(label: Words, narrow: Narrowing) -> django_filters.CharFilter:
    return django_filters.CharFilter(method=narrow, label=label, max_length=LONGEST_SEARCH)


def indexed_words(label: Words, column: str = "search") -> django_filters.CharFilter:
    """Returns a filter for words in a column that `lists.search` indexes. Its field refuses words all too short."""

    def narrow(queryset: Rows, name: str, text: str) -> Rows:
        return containing(queryset, column, text)

    return django_filters.CharFilter(
        method=narrow, label=label, max_length=LONGEST_SEARCH, validators=[_long_enough]
    )


def choice(label: Words, choices: Choices, narrow: Narrowing) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(method=narrow, label=label, choices=choices, empty_label=_("Any"))


def accept(filter_: django_filters.ChoiceFilter, requested: str) -> None:
    """Accept a requested value that the documentation doesn't name: Covage may have new ones."""
    filter_.extra["choices"] = with_requested(filter_.extra["choices"], [requested])


def with_requested(choices: Choices, requested: Iterable[str]) -> Choices:
    """Returns the choices, and after them any other requested values that can be shown, as they are."""
    known = dict(choices)
    others = (one for one in dict.fromkeys(requested) if one and one.isprintable() and one not in known)
    return [*choices, *((one, one) for one in others)]


def days(field_name: str, since: Words, until: Words) -> tuple[Any, Any]:
    """Returns the filters from and up to a day, for a column of days."""
    return (
        _day(since, field_name=field_name, lookup_expr="gte"),
        _day(until, field_name=field_name, lookup_expr="lte"),
    )


def moments(field_name: str, since: Words, until: Words) -> tuple[Any, Any]:
    """Returns the same for a column of moments, by whole local days. An index of the column serves."""

    def from_day(queryset: Rows, name: str, day: date) -> Rows:
        return queryset.filter(**{f"{field_name}__gte": _start(day)})

    def up_to_day(queryset: Rows, name: str, day: date) -> Rows:
        return queryset.filter(**{f"{field_name}__lt": _start(day + timedelta(days=1))})

    return _day(since, method=from_day), _day(until, method=up_to_day)


def _day(label: Words, **options: Any) -> django_filters.DateFilter:
    widget = forms.DateInput({"type": "date"})
    return django_filters.DateFilter(label=label, widget=widget, validators=POSSIBLE_DAYS, **options)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _long_enough(text: str) -> None:
    try:
        words_of(text)
    except TooShort as short:
        raise ValidationError(_("Type at least three characters.")) from short
