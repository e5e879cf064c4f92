"""Forms for an order's owner and team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import team_field
from accounts.models import User
from accounts.ownership import only_team, owners_for, teams_for
from extranet.models import CopperOrder

_ITS_MEMBERS = gettext_lazy("Its members can see the order and work on it.")


class TeamForm(forms.Form):
    """The team of a new order."""

    team = team_field(_ITS_MEMBERS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_for(user)  # type: ignore[attr-defined]
        self.initial.setdefault("team", only_team(user))


class OwnerForm(forms.Form):
    """An order's owner, and at most one team."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Owner"), empty_label=gettext_lazy("Choose…")
    )
    team = team_field(_ITS_MEMBERS)

    def __init__(self, *args: Any, user: User, order: CopperOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"owner": order.owner_id, "team": order.team_id}
        self.fields["owner"].queryset = owners_for(user, order.owner_id)  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams_for(user, order.team_id)  # type: ignore[attr-defined]
