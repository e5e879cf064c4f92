"""The private address of a person's calendar: created, found, revoked. Only the hash of its secret is stored."""

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils import timezone

from notifications.models import Feed
from notifications.querysets import readers

if TYPE_CHECKING:
    from accounts.models import User

SECRET_BYTES = 32


def open_feed(user: "User") -> str:
    """Give a person a new address, in place of the one they had. Returns its secret, which can't be read again."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    Feed.objects.update_or_create(
        user=user, defaults={"digest": _digest(token), "created_at": timezone.now()}
    )
    return token


def close_feed(user: "User") -> None:
    """Revoke a person's address, if they have one."""
    Feed.objects.filter(user=user).delete()


def reader_of(token: str) -> "User | None":
    """Returns whose calendar this is; None for an unknown secret, or if the person no longer has access."""
    return readers().filter(feed__digest=_digest(token)).first()


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
