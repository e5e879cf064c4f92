"""Forms derived from declared fields. They only show; `editing` reads what comes back, and refuses nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from drafts.editing import Texts, html_name, texts_of
from drafts.fields import Field, Kind, Need
from drafts.merge import is_blank
from drafts.models import Draft

_MODES = {Kind.INTEGER: "numeric", Kind.DECIMAL: "decimal", Kind.CODES: "numeric"}
_BY_RULE = {"phone": "tel", "email": "email", "siret": "numeric", "postcode": "numeric"}
_YES_NO = (("true", gettext_lazy("Yes")), ("false", gettext_lazy("No")))


def form_field(
    declared: Field, *, locked: bool = False, list_suffix: str = "", current: str = ""
) -> forms.Field:
    """The form field that shows a declared field. `current` can be kept even if it isn't one of the choices."""
    attrs: dict[str, Any] = {"autocomplete": declared.autocomplete}
    if declared.suggests:
        attrs["list"] = f"list-{declared.suggests}{list_suffix}"
    if mode := _MODES.get(declared.kind) or _BY_RULE.get(getattr(declared.rule, "__name__", "")):
        attrs["inputmode"] = mode
    if locked:
        attrs["readonly"] = True
    widget = _widget(declared, attrs, current)
    is_choice = isinstance(widget, forms.Select)
    field = forms.CharField(
        required=False,
        disabled=locked and is_choice,  # A choice can't be read-only.
        label=declared.label,
        help_text=declared.help,
        widget=widget,
    )
    field.vendor_name = declared.name  # type: ignore[attr-defined]
    return field


def _widget(declared: Field, attrs: dict[str, Any], current: str) -> forms.Widget:
    choices = _YES_NO if declared.kind is Kind.BOOLEAN else declared.choices
    if choices:
        known = {value for value, _label in choices}
        other = [(current, declared.show(current))] if current and current not in known else []
        return forms.Select(attrs, choices=[("", "—"), *choices, *other])
    if declared.kind is Kind.LONG_TEXT:
        return forms.Textarea(attrs | {"rows": 3})
    if declared.kind is Kind.DATE:
        return forms.DateInput(attrs | {"type": "date"})
    return forms.TextInput(attrs)


@dataclass(frozen=True)
class FieldInput:
    """One field on a draft's page: how it is filled in, and what there is to say about it."""

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
class Item:
    """One of a list of objects."""

    index: int
    inputs: list[FieldInput]


@dataclass(frozen=True)
class ItemList:
    """A list of objects on a draft's page."""

    declared: Field
    items: list[Item]


@dataclass(frozen=True)
class Section:
    """A group of the form: its fields, its lists of objects, and how many problems it has."""

    group: str
    title: Any
    inputs: list[FieldInput]
    lists: list[ItemList]
    missing_count: int


class DraftForm:
    """A draft's form as its page shows it: sections of inputs and of lists.

    `texts` override what is stored; `stale` has the current text where a text came too late. `fields` are those to
    show, by default all that are declared; of a list of objects, those of its `items`. `items` is the least number of
    items by list, `hints` what else to say at a path. `own_lists` are the suggestions that differ from item to item.
    `missing` is what the row lacks.
    """

    def __init__(
        self,
        row: Draft,
        *,
        texts: Texts | None = None,
        stale: Texts | None = None,
        items: Mapping[str, int] | None = None,
        groups: Iterable[str] | None = None,
        fields: Iterable[Field] | None = None,
        hints: Mapping[str, str] | None = None,
        own_lists: Collection[str] = (),
    ) -> None:
        self.row = row
        self._stored = texts_of(row)
        self._texts = self._stored | dict(texts or {})
        self._stale, self._hints, self._least = stale or {}, hints or {}, items or {}
        self._own_lists = own_lists
        self._locked = row.locked_fields()
        self.missing = list(row.missing())
        self._said = {item.path: item.message for item in self.missing}
        self._form = forms.Form(
            initial={html_name(path): text for path, text in self._texts.items()},
        )
        self.sections = self._sections(fields, groups)

    def items(self, list_name: str) -> list[Item]:
        """The items of a list that the form shows."""
        lists = [each for section in self.sections for each in section.lists]
        return next((each.items for each in lists if each.declared.name == list_name), [])

    @property
    def texts(self) -> Texts:
        """The texts in the form's fields, by path."""
        return self._texts

    @property
    def inputs(self) -> list[FieldInput]:
        """Every input of the form, those of items included."""
        inputs = []
        for section in self.sections:
            inputs += section.inputs
            inputs += [each for items in section.lists for item in items.items for each in item.inputs]
        return inputs

    def _sections(self, fields: Iterable[Field] | None, groups: Iterable[str] | None) -> list[Section]:
        field_set = self.row.field_set
        shown = set(field_set.groups if groups is None else groups)
        grouped = field_set.in_groups(field_set.fields if fields is None else fields)
        return [
            self._section(group, title, among) for group, title, among in grouped if group in shown and among
        ]

    def _section(self, group: str, title: Any, declared: list[Field]) -> Section:
        lists = [field for field in declared if field.kind is Kind.ITEMS]
        return Section(
            group,
            title,
            [self._input(field.name, field) for field in declared if field.kind is not Kind.ITEMS],
            [ItemList(field, self._items(field)) for field in lists],
            sum(1 for path in self._said if path and self.row.field_set.group_of(path) == group),
        )

    def _items(self, declared: Field) -> list[Item]:
        inside = [path.split(".") for path in self._texts if path.startswith(f"{declared.name}.")]
        count = max([1, self._least.get(declared.name, 1), *(int(parts[1]) + 1 for parts in inside)])
        return [Item(index, self._item_inputs(declared, index)) for index in range(count)]

    def _item_inputs(self, declared: Field, index: int) -> list[FieldInput]:
        return [
            self._input(
                f"{declared.name}.{index}.{field.name}",
                field,
                list_suffix=f"-{index}" if field.suggests in self._own_lists else "",
            )
            for field in declared.items
        ]

    def _input(self, path: str, declared: Field, list_suffix: str = "") -> FieldInput:
        text, locked, name = self._texts.get(path, ""), path in self._locked, html_name(path)
        self._form.fields[name] = form_field(declared, locked=locked, list_suffix=list_suffix, current=text)
        return FieldInput(
            field=self._form[name],
            path=path,
            declared=declared,
            locked=locked,
            filled=not is_blank(text),
            needed=declared.need is not Need.NEVER or path in self._said,
            error=self._error(path),
            conflict=self._conflict(path, declared),
            stale=self._stale.get(path),
            hint=self._hints.get(path, ""),
        )

    def _error(self, path: str) -> str:
        """What is wrong at a field, rather than merely still missing."""
        is_wrong = self._stored.get(path) and path not in self.row.conflicts
        return self._said.get(path, "") if is_wrong else ""

    def _conflict(self, path: str, declared: Field) -> Mapping[str, Any] | None:
        conflict = self.row.conflicts.get(path)
        if conflict is None:
            return None
        sides = conflict | {"ours": self.row.flat_draft.get(path)}
        return {name: declared.show(value) or _("empty") for name, value in sides.items()}
