"""A mirrored row as notes and watches refer to it, and the signed token by which their forms do."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core import signing
from django.http import Http404

if TYPE_CHECKING:
    from accounts.models import User

_SALT = "notifications.subject"


@dataclass(frozen=True)
class Subject:
    """A row by the permanent UUID that names it: its label, its address, and its end customer."""

    id: UUID
    label: str
    url: str
    customer: str = ""

    def token(self, user: "User") -> str:
        """Returns a text that proves that this person was shown the subject, and so may write about it and watch it."""
        return signing.dumps([user.pk, str(self.id), self.label, self.url, self.customer], salt=_SALT)


def subject_of_token(token: str, user: "User") -> Subject:
    """Returns the subject of a token that was made for this person. Raises Http404 for any other text."""
    try:
        reader, subject_id, label, url, customer = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    if reader != user.pk:
        raise Http404
    return Subject(UUID(subject_id), label, url, customer)
