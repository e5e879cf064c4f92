"""Forms derived from the catalogue. They show; `editing` reads what comes back, and refuses nothing."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.roles import ADMINISTRATOR
from catalogue.field import Field, Kind, Need
from mirror.merge import is_blank
from sessions_app import fields
from sessions_app.editing import texts_of
from sessions_app.fields import CONTACTS
from sessions_app.models import Cart, Line, Option

_MODES = {Kind.INTEGER: "numeric", Kind.DECIMAL: "decimal", Kind.CODES: "numeric"}
_BY_RULE = {"phone": "tel", "email": "email", "siret": "numeric", "postcode": "numeric"}


def form_field(declared: Field, *, locked: bool = False, list_suffix: str = "") -> forms.Field:
    """The form field that shows a declared field."""
    attrs: dict[str, Any] = {"autocomplete": declared.autocomplete}
    if declared.suggests:
        attrs["list"] = f"list-{declared.suggests}{list_suffix}"
    if mode := _MODES.get(declared.kind) or _BY_RULE.get(getattr(declared.rule, "__name__", "")):
        attrs["inputmode"] = mode
    if locked:
        attrs["readonly"] = True
    widget: forms.Widget
    if declared.kind is Kind.BOOLEAN:
        widget = forms.Select(
            attrs, choices=[("", "—"), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
        )
    elif declared.kind is Kind.LONG_TEXT:
        widget = forms.Textarea(attrs | {"rows": 3})
    elif declared.kind is Kind.DATE:
        widget = forms.DateInput(attrs | {"type": "date"})
    else:
        widget = forms.TextInput(attrs)
    return forms.CharField(required=False, label=declared.label, help_text=declared.help, widget=widget)


@dataclass(frozen=True)
class Slot:
    """One field on a line's page: how it is filled in, and what is to be said about it."""

    field: BoundField
    path: str
    declared: Field
    locked: bool
    filled: bool
    needed: bool
    error: str
    conflict: Mapping[str, Any] | None
    stale: str | None
    hint: str

    @property
    def id(self) -> str:
        return self.field.auto_id

    @property
    def note_id(self) -> str:
        return f"note-{self.id}"

    @property
    def is_needed_at_once(self) -> bool:
        return self.declared.need is Need.CREATION


@dataclass(frozen=True)
class Section:
    group: str
    title: Any
    slots: list[Slot]
    missing_count: int


@dataclass(frozen=True)
class Site:
    index: int
    slots: list[Slot]

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


class LineForm:
    """A line's form as its page shows it: sections of slots, and sites."""

    def __init__(
        self,
        line: Line,
        *,
        texts: Mapping[str, str] | None = None,
        stale: Mapping[str, str] | None = None,
        sites: int = 1,
        groups: Iterable[str] = tuple(fields.GROUPS),
    ) -> None:
        self.line = line
        self._stored = texts_of(line)
        self._texts = self._stored | dict(texts or {})
        self._stale = stale or {}
        self._said = {item.path: item.message for item in line.missing()}
        self._errors = self._said_errors()
        self._form = self._plain_form()
        self.formset = self._formset(sites)
        self.sites = [self._site(index, form) for index, form in enumerate(self.formset)]
        self.sections = [
            self._section(group, title, declared)
            for group, title, declared in fields.LINE.in_groups(fields.line_fields())
            if group in groups
        ]

    def _plain_form(self) -> forms.Form:
        form = forms.Form(initial=self._texts)
        locked = self.line.locked_fields()
        for declared in fields.line_fields():
            if declared.kind is not Kind.ITEMS:
                form.fields[declared.name] = form_field(declared, locked=declared.name in locked)
        return form

    def _formset(self, sites: int) -> "BaseFormSet[forms.Form]":
        count = max(
            [
                1,
                sites,
                *(int(path.split(".")[1]) + 1 for path in self._texts if path.startswith(f"{CONTACTS}.")),
            ]
        )
        initial = [
            {
                path.rpartition(".")[2]: text
                for path, text in self._texts.items()
                if path.startswith(f"{CONTACTS}.{index}.")
            }
            for index in range(count)
        ]
        formset: BaseFormSet[forms.Form] = forms.formset_factory(forms.Form, extra=0)(
            prefix=CONTACTS, initial=initial
        )
        for index, form in enumerate(formset):
            for declared in fields.site_contact_fields():
                form.fields[declared.name] = form_field(
                    declared, list_suffix=f"-{index}" if declared.suggests else ""
                )
        return formset

    def _site(self, index: int, form: forms.Form) -> Site:
        slots = [
            self._slot(form[declared.name], f"{CONTACTS}.{index}.{declared.name}", declared)
            for declared in fields.site_contact_fields()
        ]
        return Site(index, slots)

    def _section(self, group: str, title: Any, declared: list[Field]) -> Section:
        slots = [
            self._slot(self._form[field.name], field.name, field)
            for field in declared
            if field.kind is not Kind.ITEMS
        ]
        missing = sum(1 for path in self._said if path and fields.LINE.group_of(path) == group)
        return Section(group, title, slots, missing)

    def _slot(self, bound: BoundField, path: str, declared: Field) -> Slot:
        text = self._texts.get(path, "")
        return Slot(
            field=bound,
            path=path,
            declared=declared,
            locked=path in self.line.locked_fields(),
            filled=not is_blank(text),
            needed=declared.need is not Need.NEVER or path in self._said,
            error=self._errors.get(path, ""),
            conflict=self._conflict(path, declared),
            stale=self._stale.get(path),
            hint=_options_named(self.line) if declared.suggests == "options" else "",
        )

    def _said_errors(self) -> dict[str, str]:
        """What is wrong at a field, rather than merely still missing."""
        stored = self._stored
        return {
            path: said
            for path, said in self._said.items()
            if stored.get(path) and path not in self.line.conflicts
        }

    def _conflict(self, path: str, declared: Field) -> Mapping[str, Any] | None:
        told = self.line.conflicts.get(path)
        if told is None:
            return None
        ours = self.line.flat_draft.get(path)
        return {name: declared.show(value) or _("nothing") for name, value in (*told.items(), ("ours", ours))}


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
    team = forms.ModelChoiceField(
        Team.objects.none(),
        required=False,
        label=gettext_lazy("Team"),
        help_text=gettext_lazy("Its members see the cart and can work on it."),
        empty_label=gettext_lazy("no team"),
    )
    owner = forms.ModelChoiceField(User.objects.none(), required=False, label=gettext_lazy("Owner"))

    def __init__(
        self, *args: Any, user: User, cart: Cart | None = None, key: uuid.UUID | None = None, **kwargs: Any
    ) -> None:
        """For a `cart` that exists, or for the one that this very form makes under `key`."""
        super().__init__(*args, **kwargs)
        self._cart = cart
        self._own = cart.pk if cart else key
        self.fields["team"].queryset = _teams_for(user, cart)  # type: ignore[attr-defined]
        if cart is None:
            del self.fields["owner"]
            self.initial.setdefault("key", uuid.uuid4())
            self.initial.setdefault("team", _only_team(user))
        else:
            del self.fields["key"]
            self.fields["owner"].queryset = _owners_for(user, cart)  # type: ignore[attr-defined]
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


def _only_team(user: User) -> Team | None:
    """The team that a person's new cart is most likely for: the one they are in, if it is just one."""
    teams = list(user.teams.all()[:2])
    return teams[0] if len(teams) == 1 else None


def _teams_for(user: User, cart: Cart | None) -> Any:
    """The teams that a person may give a cart to: their own, and the one that it has; administrators: any."""
    if ADMINISTRATOR in user.roles:
        return Team.objects.all()
    if cart is None:
        return user.teams.all()
    return Team.objects.filter(pk__in=[*user.teams.values_list("pk", flat=True), cart.team_id])


def _owners_for(user: User, cart: Cart) -> Any:
    """Whom a person may hand a cart over to: team mates, oneself, whoever has it; administrators: anyone."""
    active = User.objects.filter(is_active=True)
    if ADMINISTRATOR in user.roles:
        return active
    mates = User.objects.filter(teams__in=user.teams.all()).values("pk")
    return active.filter(Q(pk__in=[user.pk, cart.owner_id]) | Q(pk__in=mates))
