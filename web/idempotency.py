"""Idempotency keys of posted forms: a form that is sent twice takes effect once."""

import json
import uuid

from django.http import HttpRequest


def idempotency_key(request: HttpRequest) -> uuid.UUID:
    """Returns the key of a posted form: the same for the same person, form and content.

    A form that is changed and sent again has another key, and takes effect again.
    """
    form = uuid_of(request.POST.get("key")) or uuid.uuid4()
    content = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    return uuid.uuid5(form, json.dumps([request.user.pk, request.path, content]))


def uuid_of(text: str | None) -> uuid.UUID | None:
    """Returns the UUID that a text spells; None if it spells none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
