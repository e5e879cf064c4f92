"""What the pages of all drafts show, the buttons that settle a conflict, and the messages after a save."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from drafts.editing import Edit, as_seen, texts_of
from drafts.fields import FieldSet
from drafts.forms import DraftForm
from drafts.models import Draft
from outbox.models import Operation


def page_context(row: Draft, form: DraftForm, *, seen: str = "") -> dict[str, Any]:
    """What drafts/page.html and its partial responses show of a row.

    `seen` is what the person sees, if that is not what is stored.
    """
    return {
        "draft": row,
        "form": form,
        "seen": seen or as_seen(texts_of(row)),
        "missing": form.missing,
        "unsent": row.unsent,
    }


def conflicts_of(row: Draft) -> list[dict[str, str]]:
    """The conflicts of a row, each with `path`, `label`, and `ours` and `theirs` as people read them."""
    return [
        {
            "path": path,
            "label": row.field_set.label_of(path),
            "ours": _shown(row, path, row.flat_draft.get(path)),
            "theirs": _shown(row, path, conflict["theirs"]),
        }
        for path, conflict in row.conflicts.items()
    ]


def is_ours_to_keep(kept: str) -> bool:
    """Whether a button keeps our side of a conflict. Raises BadRequest when it names neither side."""
    if kept not in ("ours", "theirs"):
        raise BadRequest("Neither side was chosen.")
    return kept == "ours"


def decision(pressed: str) -> tuple[str, bool]:
    """The path, and whether ours is to be kept, of a button at a field (`ours|note`).

    Raises BadRequest when it names neither side.
    """
    kept, _sep, path = pressed.partition("|")
    return path, is_ours_to_keep(kept)


def _shown(row: Draft, path: str, value: Any) -> str:
    field = row.field_set.field_at(path)
    return field.show(value) if field else str(value or "")


def say_saved(request: HttpRequest, subject_id: UUID, saved: str) -> None:
    """Say that something is saved and, if so, that Covage hasn't received it yet or refused it."""
    operations = Operation.objects.about(subject_id)
    if operations.standing_refusal():
        messages.warning(request, saved + " " + _("Covage refused it: see the messages at the fields."))
    elif operations.unfinished().exists():
        messages.info(
            request, saved + " " + _("It's saved here and will go to Covage as soon as they respond.")
        )
    else:
        messages.success(request, saved)


def say_locked(request: HttpRequest, field_set: FieldSet, edit: Edit) -> None:
    """Say which fields were typed at and can't be changed any more, if any were."""
    if edit.locked:
        names = ", ".join(field_set.label_of(path) for path in edit.locked)
        said = _("Covage only accepts these at creation, so they haven't changed: %(names)s.") % {
            "names": names
        }
        messages.warning(request, said)
