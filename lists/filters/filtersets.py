"""Filter sets that know their reader: flags such as "mine", and choices of the values that columns have."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

import django_filters
from django import forms
from django.http import HttpRequest, QueryDict

from accounts.requests import AuthenticatedHttpRequest
from lists.columns import Words
from lists.filters.choices import Choices
from lists.filters.declarations import Narrowing, choice, with_requested
from lists.paging import Rows

if TYPE_CHECKING:
    from accounts.models import User

Flag = Callable[[Any, "User"], Any]


def flag(label: Words) -> django_filters.BooleanFilter:
    """Returns a filter that is a checkbox; the filter set's `flags` say which rows it keeps."""
    return django_filters.BooleanFilter(label=label, method="by_flag", widget=forms.CheckboxInput)


def column(label: Words) -> django_filters.ChoiceFilter:
    """Returns a filter for one value of the column of its name."""
    return choice(label, [], "by_column")


def ticks(label: Words, narrow: Narrowing = "in_values") -> django_filters.MultipleChoiceFilter:
    """Returns a filter for several values at once, of the column of its name unless `narrow` says otherwise."""
    widget = forms.CheckboxSelectMultiple({"class": "form-check-input"})
    return django_filters.MultipleChoiceFilter(method=narrow, label=label, widget=widget)


class ReaderFilter(django_filters.FilterSet):  # type: ignore[misc]
    """A filter set for a reader, whom "mine" and the like mean: `user`, or else the request's."""

    flags: ClassVar[Mapping[str, Flag]] = {}

    def __init__(
        self,
        data: Any = None,
        queryset: Any = None,
        *,
        request: HttpRequest | None = None,
        user: "User | None" = None,
    ) -> None:
        super().__init__(data, queryset, request=request)
        self.user = user or cast(AuthenticatedHttpRequest, request).user

    def offer(
        self, name: str, offered: Callable[[], Choices], is_possible: Callable[[str], object] = bool
    ) -> None:
        """Offer values at a filter, and accept others that are possible: links outlive the values that rows have.

        `offered` is called at most once: when the field is shown, or validated.
        """
        requested = [one for one in self._requested(name) if is_possible(one)]
        self.filters[name].extra["choices"] = cache(lambda: with_requested(offered(), requested))

    def _requested(self, name: str) -> list[str]:
        if isinstance(self.data, QueryDict):
            return self.data.getlist(name)
        return [self.data[name]] if name in self.data else []

    def in_values(self, queryset: Rows, name: str, values: list[str]) -> Rows:
        return queryset.filter(**{f"{name}__in": values})

    def by_column(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.filter(**{name: value})

    def by_flag(self, queryset: Rows, name: str, is_on: bool) -> Any:
        return self.flags[name](queryset, self.user) if is_on else queryset
