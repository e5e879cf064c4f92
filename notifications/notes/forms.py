"""The form of a note."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import Note

LONGEST_NOTE = 4000  # characters


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    text = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST_NOTE}),
    )

    class Meta:
        model = Note
        fields = ("text",)
