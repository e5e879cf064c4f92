"""The form of a person's preferences, and the field that gives something to a team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Language, Team, Theme


class PreferencesForm(forms.Form):
    """One of the switches in the person's menu, or several. What is absent stays as it is."""

    language = forms.ChoiceField(choices=Language.choices, required=False)
    theme = forms.ChoiceField(choices=Theme.choices, required=False)
    shows_field_names = forms.TypedChoiceField(
        choices=[("true", "true"), ("false", "false")],
        coerce=lambda text: text == "true",
        required=False,
        empty_value=False,  # type: ignore[arg-type]  # any value will do
    )


def team_field(help_text: Any) -> "forms.ModelChoiceField[Team]":
    """Returns the field of the team that something is given to; a form sets which teams a person may choose."""
    return forms.ModelChoiceField(
        Team.objects.none(),
        required=False,
        label=gettext_lazy("Team"),
        help_text=help_text,
        empty_label=gettext_lazy("No team"),
    )
