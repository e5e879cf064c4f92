"""The form by which an order is handed over to somebody else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.owning import owners_for, teams_for
from extranet.models import CopperOrder


class OwnerForm(forms.Form):
    """Whose an order is: a person's, and at most one team's."""

    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner"))
    team = forms.ModelChoiceField(
        Team.objects.none(),
        required=False,
        label=gettext_lazy("Team"),
        help_text=gettext_lazy("Its members see the order and can work on it."),
        empty_label=gettext_lazy("no team"),
    )

    def __init__(self, *args: Any, user: User, order: CopperOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"owner": order.owner_id, "team": order.team_id}
        self.fields["owner"].queryset = owners_for(user, order.owner_id)  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams_for(user, order.team_id)  # type: ignore[attr-defined]
