"""The form of a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from drafts.editing import Texts
from drafts.fields import Field
from drafts.forms import DraftForm, FieldInput, Item
from geo import communes
from sessions_app import fields
from sessions_app.fields import CONTACTS
from sessions_app.lines.readiness import places_of
from sessions_app.models import Line, Option

# Suggestions that differ from site to site.
_PLACE_LISTS = ("cities", "postcodes", "insee_codes")


@dataclass(frozen=True)
class Site(Item):
    """A site contact on a line's page."""

    @property
    def parts(self) -> list[tuple[str, list[FieldInput]]]:
        """The inputs in the order in which a person fills them in: where, whom to call, whom else."""
        titles = {
            "": _("Address"),
            "contact1": _("Site contact"),
            "contact2": _("Second contact, if there is one"),
        }
        return [
            (title, [each for each in self.inputs if _contact_of(each.declared.name) == contact])
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
            hints={"option_ids": _options_named(line)} | dict(_hints_at_cities(line)),
            own_lists=_PLACE_LISTS,
        )

    @property
    def sites(self) -> list[Site]:
        return [Site(item.index, item.inputs) for item in self.items(CONTACTS)]


def _shown_fields() -> list[Field]:
    """The fields of a line in the configured edition, its sites with those of a site."""
    contacts = tuple(fields.site_contact_fields())
    return [
        replace(field, items=contacts) if field.name == CONTACTS else field for field in fields.line_fields()
    ]


def _contact_of(name: str) -> str:
    return name.partition("_")[0] if name.startswith("contact") else ""


def _options_named(line: Line) -> str:
    """The chosen options whose labels are known, with their labels."""
    chosen = line.draft.get("option_ids") or []
    known = {option.option_id: option.label for option in Option.objects.filter(pk__in=chosen)}
    return " · ".join(f"{code} {known[code]}" for code in chosen if code in known)


def _hints_at_cities(line: Line) -> Iterator[tuple[str, str]]:
    """Hints, by path, at the cities that are no name of their INSEE code's commune."""
    for path, place in places_of(line.draft):
        yield f"{path}.city", communes.remark(*place)
