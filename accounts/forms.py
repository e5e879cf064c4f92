"""Forms about the person, and the field that says whose team something is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Language, Team, Theme


class PreferencesForm(forms.Form):
    """One of the switches in the page's corner, or several. What is absent stays as it is."""

    language = forms.ChoiceField(choices=Language.choices, required=False)
    theme = forms.ChoiceField(choices=Theme.choices, required=False)
    shows_field_names = forms.TypedChoiceField(
        choices=[("true", "true"), ("false", "false")],
        coerce=lambda text: text == "true",
        required=False,
        empty_value=False,  # type: ignore[arg-type]  # any value will do
    )


def team_field(help_text: Any) -> "forms.ModelChoiceField[Team]":
    """The one team, if any, that something is given to; a form tells which ones a person may choose."""
    return forms.ModelChoiceField(
        Team.objects.none(),
        required=False,
        label=gettext_lazy("Team"),
        help_text=help_text,
        empty_label=gettext_lazy("No team"),
    )
