"""A choice in which nothing is chosen shows words, never a row of dashes."""

import copy
from collections.abc import Iterator

import django_filters
import pytest
from django import forms
from django.forms.fields import Field

import accounts.forms
import extranet.drafts.ownership
import extranet.orders.filters
import sessions_app.carts.filters
import sessions_app.carts.forms
import sessions_app.lines.filters
import sessions_app.lines.forms
import tracking.orders.filters
from lists.saved_views.forms import SavedViewForm
from tests.conftest import People

MODULES = (
    accounts.forms,
    extranet.drafts.ownership,
    extranet.orders.filters,
    sessions_app.carts.filters,
    sessions_app.carts.forms,
    sessions_app.lines.filters,
    sessions_app.lines.forms,
    tracking.orders.filters,
)


def _fields() -> Iterator[tuple[str, Field]]:
    for module in MODULES:
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, forms.BaseForm):
                yield from ((f"{kind.__name__}.{name}", field) for name, field in kind.base_fields.items())
            if isinstance(kind, type) and issubclass(kind, django_filters.FilterSet):
                yield from (
                    (f"{kind.__name__}.{name}", copy.deepcopy(each).field)
                    for name, each in kind.base_filters.items()
                )


CHOICES = [pytest.param(field, id=name) for name, field in _fields() if isinstance(field, forms.ChoiceField)]


@pytest.mark.parametrize("field", CHOICES)
def test_an_empty_choice_has_words(field: forms.ChoiceField) -> None:
    assert str(getattr(field, "empty_label", "")) != "---------"


def test_the_choices_of_people_and_of_teams_are_among_them() -> None:
    assert {"CartForm.owner", "CartForm.team", "OwnerForm.owner"} <= {case.id for case in CHOICES}


def test_a_view_that_is_shared_with_nobody_says_so(people: People) -> None:
    team = SavedViewForm(owner=people.sales).fields["team"]
    assert isinstance(team, forms.ModelChoiceField)
    assert str(team.empty_label) == "Nobody: keep it private"
