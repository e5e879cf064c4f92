"""Forms about the person."""

from django import forms

from accounts.models import Language, Theme


class PreferencesForm(forms.Form):
    """One of the two switches in the page's corner, or both. What is absent stays as it is."""

    language = forms.ChoiceField(choices=Language.choices, required=False)
    theme = forms.ChoiceField(choices=Theme.choices, required=False)
