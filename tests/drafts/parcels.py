"""A parcel: the smallest draft that has a field of every kind, names with dots, a list, and something locked."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import QueryDict

from drafts.fields import Field, FieldSet, Kind, Need
from drafts.models import Draft
from drafts.readiness import Missing, in_order, once, problems, wrong


def weight(text: str) -> int:
    if not text.isdecimal():
        raise ValidationError("A weight is a whole number of grams.")
    return int(text)


FIELDS = (
    Field("kind", "Kind", "parcel", need=Need.CREATION, choices=(("box", "Box"), ("roll", "Roll"))),
    Field("weight", "Weight", "parcel", kind=Kind.INTEGER, rule=weight),
    Field("is_fragile", "Fragile", "parcel", kind=Kind.BOOLEAN),
    Field("stamps", "Stamps", "parcel", kind=Kind.CODES, suggests="stamps"),
    Field("to.person.name", "Addressee", "way", need=Need.CONFIRMATION),
    Field("to.person.phone_number", "Phone", "way"),
    Field("due", "Due", "way", kind=Kind.DATE),
    Field(
        "goods",
        "Goods",
        "goods",
        kind=Kind.ITEMS,
        items=(
            Field("name", "What", "goods", need=Need.CONFIRMATION, suggests="goods"),
            Field("count", "How many", "goods", kind=Kind.INTEGER, suggests="counts"),
        ),
        each="%(label)s (good %(number)d)",
    ),
    Field("note", "Note", "goods", kind=Kind.LONG_TEXT),
)
PARCEL = FieldSet(FIELDS, {"parcel": "Parcel", "way": "The way", "goods": "Goods", "unused": "Unused"})


class Parcel(Draft):
    """A row of no table. What is at the vendor's keeps its kind and its due day."""

    field_set: ClassVar = PARCEL

    class Meta:
        app_label = "parcels"
        managed = False

    def missing(self) -> list[Missing]:
        lacking = [Missing(field.name, "It is needed.") for field in FIELDS if self._lacks(field)]
        return once(
            [
                *problems(PARCEL, self.conflicts, self.refusals, self.draft),
                *in_order(PARCEL, [*wrong(PARCEL, self.typed), *lacking]),
            ]
        )

    def locked_fields(self) -> frozenset[str]:
        return frozenset({"kind", "due"}) if self.upstream_id else frozenset()

    def _lacks(self, field: Field) -> bool:
        return field.need is not Need.NEVER and not self.draft.get(field.name)


def a_parcel(*, typed: dict[str, str] | None = None, upstream_id: str | None = None, **values: Any) -> Parcel:
    """A parcel with these values, by path with `__` for the dots."""
    parcel = Parcel(upstream_id=upstream_id)
    parcel.edit({name.replace("__", "."): value for name, value in values.items()}, typed or {})
    return parcel


def posted(**texts: str) -> QueryDict:
    """A posted form, its fields' names with `__` for the dashes."""
    query = QueryDict(mutable=True)
    query.update({name.replace("__", "-"): text for name, text in texts.items()})
    return query
