"""The form of a cart."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import team_field
from accounts.models import User
from accounts.ownership import only_team, owners_for, teams_for
from drafts.fields import Field
from drafts.forms import form_field
from sessions_app import fields
from sessions_app.models import Cart


class CartForm(forms.Form):
    """A cart's reference, project and team; its owner, too, once it exists."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    external_id = form_field(fields.CART_FIELDS[0])
    project_id = form_field(fields.CART_FIELDS[1])
    team = team_field(gettext_lazy("Its members can see the cart and work on it."))
    owner = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label=gettext_lazy("Owner"),
        empty_label=gettext_lazy("No owner yet"),
    )

    def __init__(
        self, *args: Any, user: User, cart: Cart | None = None, key: uuid.UUID | None = None, **kwargs: Any
    ) -> None:
        """For a `cart` that exists, or for the one that this form creates under `key`."""
        super().__init__(*args, **kwargs)
        self._cart = cart
        self._own = cart.pk if cart else key
        self.fields["team"].queryset = teams_for(user, cart.team_id if cart else None)  # type: ignore[attr-defined]
        if cart is None:
            del self.fields["owner"]
            self.initial.setdefault("key", uuid.uuid4())
            self.initial.setdefault("team", only_team(user))
        else:
            del self.fields["key"]
            self.fields["owner"].queryset = owners_for(user, cart.owner_id)  # type: ignore[attr-defined]
            if not cart.is_draft:
                for name in ("external_id", "project_id"):
                    self.fields[name].disabled = True

    def clean_external_id(self) -> str:
        """A reference is how a cart is found again upstream, so no two carts may share one."""
        text = self._parsed(fields.CART_FIELDS[0])
        if self._cart and text == self._cart.external_id:
            return text
        # The cart that this form created counts as itself when the form is sent a second time.
        others = (
            Cart.objects.live()
            .filter(external_id=text, gone_at=None)
            .exclude(pk__in=[self._own] if self._own else [])
        )
        if text and others.exists():
            raise forms.ValidationError(_("Another cart already has this reference: choose a different one."))
        return text

    def clean_project_id(self) -> str:
        return self._parsed(fields.CART_FIELDS[1])

    def _parsed(self, declared: Field) -> str:
        return str(declared.parse(str(self.cleaned_data[declared.name] or "")) or "")

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("external_id", "project_id")}
