"""What a person is told after a save, on the next page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalogue.catalogue import Catalogue
from drafting.editing import Edit
from mirror.models import Operation


def say_saved(request: HttpRequest, subject_id: UUID, saved: str) -> None:
    """Tell that something is saved, and, where that is so, that Covage hasn't got it or wouldn't have it."""
    operations = Operation.objects.about(subject_id)
    if operations.standing_refusal():
        messages.warning(request, saved + " " + _("Covage refused it: see what is said at the fields."))
    elif operations.unfinished().exists():
        messages.info(request, saved + " " + _("It is kept here and goes to Covage as soon as they answer."))
    else:
        messages.success(request, saved)


def say_locked(request: HttpRequest, catalogue: Catalogue, edit: Edit) -> None:
    """Tell which fields were typed at and can't be changed any more, if any were."""
    if edit.locked:
        names = ", ".join(catalogue.label_of(path) for path in edit.locked)
        said = _("Covage takes this at creation only, so it stays as it was: %(names)s.") % {"names": names}
        messages.warning(request, said)
