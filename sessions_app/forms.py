"""The forms of lines and carts."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import team_field
from accounts.models import User
from accounts.owning import only_team, owners_for, teams_for
from catalogue.field import Field
from drafting.editing import Texts
from drafting.forms import DraftForm, Item, Slot, form_field
from sessions_app import fields
from sessions_app.fields import CONTACTS
from sessions_app.models import Cart, Line, Option

# What is suggested at these differs from site to site.
PLACE_LISTS = ("cities", "postcodes", "insee_codes")


@dataclass(frozen=True)
class Site(Item):
    """A site contact on a line's page."""

    @property
    def parts(self) -> list[tuple[str, list[Slot]]]:
        """The slots as a person fills them in: where, whom to call, whom else."""
        titles = {
            "": _("Address"),
            "contact1": _("Contact on site"),
            "contact2": _("Second contact, if there is one"),
        }
        return [
            (title, [slot for slot in self.slots if _contact_of(slot.declared.name) == contact])
            for contact, title in titles.items()
        ]


class LineForm(DraftForm):
    """A line's form: the fields of the edition in their sections, and its sites."""

    def __init__(
        self,
        line: Line,
        *,
        texts: Texts | None = None,
        stale: Texts | None = None,
        sites: int = 1,
        groups: Iterable[str] | None = None,
    ) -> None:
        super().__init__(
            line,
            texts=texts,
            stale=stale,
            items={CONTACTS: sites},
            groups=groups,
            fields=_shown_fields(),
            hints={"option_ids": _options_named(line)},
            own_lists=PLACE_LISTS,
        )

    @property
    def sites(self) -> list[Site]:
        return [Site(item.index, item.slots) for item in self.items(CONTACTS)]


def _shown_fields() -> list[Field]:
    """The fields of a line in the configured edition, its sites with those of a site."""
    contacts = tuple(fields.site_contact_fields())
    return [
        replace(field, items=contacts) if field.name == CONTACTS else field for field in fields.line_fields()
    ]


def _contact_of(name: str) -> str:
    return name.partition("_")[0] if name.startswith("contact") else ""


def _options_named(line: Line) -> str:
    """The chosen options with the labels that are known of them."""
    chosen = line.draft.get("option_ids") or []
    known = {option.option_id: option.label for option in Option.objects.filter(pk__in=chosen)}
    return " · ".join(f"{code} {known[code]}" for code in chosen if code in known)


class CartForm(forms.Form):
    """A cart's reference, project and team; its owner, too, once it exists."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    external_id = form_field(fields.CART_FIELDS[0])
    project_id = form_field(fields.CART_FIELDS[1])
    team = team_field(gettext_lazy("Its members see the cart and can work on it."))
    owner = forms.ModelChoiceField(User.objects.none(), required=False, label=gettext_lazy("Owner"))

    def __init__(
        self, *args: Any, user: User, cart: Cart | None = None, key: uuid.UUID | None = None, **kwargs: Any
    ) -> None:
        """For a `cart` that exists, or for the one that this very form makes under `key`."""
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
        # The cart that this very form made, when it is sent a second time, is no other one.
        others = (
            Cart.objects.live()
            .filter(external_id=text, gone_at=None)
            .exclude(pk__in=[self._own] if self._own else [])
        )
        if text and others.exists():
            raise forms.ValidationError(_("Another cart bears this reference already: choose another one."))
        return text

    def clean_project_id(self) -> str:
        return self._parsed(fields.CART_FIELDS[1])

    def _parsed(self, declared: Field) -> str:
        return str(declared.parse(str(self.cleaned_data[declared.name] or "")) or "")

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("external_id", "project_id")}
