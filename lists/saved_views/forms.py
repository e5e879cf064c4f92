"""The form of a saved view."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lists.models import SavedView
from lists.saved_views.queries import cleaned

LONGEST_QUERY = 4000  # characters

NAME_IS_TAKEN = _(
    "You already have a view with this name on this page. Choose another name, or change that view."
)


class SavedViewForm(forms.ModelForm):  # type: ignore[type-arg]
    """A view's name, the team that it is shared with (one of the owner's), and its query, hidden."""

    query = forms.CharField(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)

    class Meta:
        model = SavedView
        fields = ("name", "team", "query")
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"] = forms.ModelChoiceField(
            owner.teams.all(),
            label=_("Share with"),
            required=False,
            empty_label=_("Nobody: keep it private"),
        )

    def clean_query(self) -> str:
        return cleaned(self.cleaned_data["query"])

    def clean(self) -> dict[str, Any]:
        """Check here that the name is free, because the owner and the page aren't fields of the form."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        same = SavedView.objects.filter(
            owner=self.instance.owner_id, page=self.instance.page, name=given.get("name", "")
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", NAME_IS_TAKEN)
        return given
