"""Keys of posted forms, by which a form that comes twice does its work once."""

import json
import uuid

from django.http import HttpRequest


def idempotency_key(request: HttpRequest) -> uuid.UUID:
    """The key under which a posted form does its work once: the same person's same form and content.

    Sent twice it does one thing. Gone back to, changed and sent again it is another form, and counts.
    """
    form = uuid_of(request.POST.get("key")) or uuid.uuid4()
    content = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    return uuid.uuid5(form, json.dumps([request.user.pk, request.path, content]))


def uuid_of(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
