"""Sending at once, for a person who is waiting."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from outbox import clients, delivery, health, queue
from outbox.models import Operation


def send_now(*subject_ids: uuid.UUID) -> bool:
    """Try to send these subjects' operations at once, for OUTBOX_INTERACTIVE_SECONDS; the worker sends the rest.

    Nothing is tried with an API that is down or not configured. Returns whether anything was tried, so that rows
    may have changed.
    """
    until = timezone.now() + timedelta(seconds=settings.OUTBOX_INTERACTIVE_SECONDS)
    apis = queue.apis_by_subject(Operation.objects.unfinished().filter(subject_id__in=subject_ids))
    worth_trying = {api for api in set(apis.values()) if health.is_worth_trying(api)}
    for subject_id, api in apis.items():
        if api in worth_trying:
            interactive = clients.client_of(api).with_timeout(settings.OUTBOX_INTERACTIVE_SECONDS)
            delivery.deliver(subject_id, interactive, until=until)
    return bool(worth_trying)
