"""Which subjects changed since a person last looked at them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import models

from notifications.models import Unread

if TYPE_CHECKING:
    from accounts.models import User

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def unread(rows: Rows, user: "User") -> Rows:
    """Returns those of the rows, subjects by their `uuid`, that changed since the person looked."""
    return rows.filter(uuid__in=Unread.objects.filter(user=user).values("subject_id"))


def unread_among(subject_ids: Iterable[UUID], user: "User") -> set[UUID]:
    """Returns which of some subjects changed since the person looked. One query."""
    subjects = Unread.objects.filter(user=user, subject_id__in=list(subject_ids))
    return set(subjects.values_list("subject_id", flat=True))
