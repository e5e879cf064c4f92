"""Sending at once, for a person who waits."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from mirror import outbox, vendor


def send_now(*subject_ids: uuid.UUID) -> None:
    """Try to send at once what these owe, for as long as a person waits; the worker sends the rest."""
    if not vendor.is_worth_trying():
        return
    client, until = vendor.hasty_client(), timezone.now() + timedelta(seconds=settings.OUTBOX_HASTE_SECONDS)
    for subject_id in subject_ids:
        outbox.deliver(subject_id, client, until=until)
