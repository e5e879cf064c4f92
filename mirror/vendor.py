"""The process's client for the vendor's API, and what is known of the vendor's health."""

import functools
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from covage import Covage, CovageError, Unreachable
from mirror.models import Operation, Reach

COVAGE = "covage"
# While the vendor is down a page does not try again sooner than this; the worker does that.
SPARE = timedelta(seconds=20)
# How old `answered_at` may grow before a good answer writes it anew.
STALE = timedelta(seconds=30)


def client() -> Covage:
    """The client of this process, pooled: as patient as the worker may be."""
    return _client(
        settings.COVAGE_API_URL,
        settings.COVAGE_TOKEN_URL,
        settings.COVAGE_CLIENT_ID,
        settings.COVAGE_USERNAME,
        settings.COVAGE_PASSWORD,
        settings.COVAGE_EDITION,
        settings.OUTBOX_LEASE_SECONDS,
    )


def hasty_client() -> Covage:
    """The same client for use while a person waits."""
    return client().with_timeout(settings.OUTBOX_HASTE_SECONDS)


def is_worth_trying() -> bool:
    """Whether a page may call the vendor now, rather than leave it to the worker."""
    reach = reach_of(COVAGE)
    return not reach.down_since or reach.tried_at < timezone.now() - SPARE


def reach_of(name: str) -> Reach:
    return Reach.objects.filter(pk=name).first() or Reach(name=name)


@functools.lru_cache(maxsize=4)
def _client(
    api_url: str, token_url: str, client_id: str, username: str, password: str, edition: str, lease: float
) -> Covage:
    # A write leaves within the time-outs and once more the connecting: before the claim on it can lapse.
    return Covage(
        api_url=api_url,
        token_url=token_url,
        client_id=client_id,
        username=username,
        password=password,
        edition=edition,
        connect_timeout=min(3.05, lease / 4),
        read_timeout=lease / 2,
        observer=observe,
    )


def observe(error: CovageError | None) -> None:
    """Note how an exchange with the vendor went, writing only when that is news."""
    now = timezone.now()
    reach = reach_of(COVAGE)
    if error is None:
        if reach.down_since or _is_stale(reach.answered_at, now):
            _write(answered_at=now, down_since=None, tried_at=now, failure="")
        if reach.down_since:
            _end_pauses(now)
    else:
        _write(down_since=reach.down_since or now, tried_at=now, failure=type(error).__name__)


def _end_pauses(now: datetime) -> None:
    """They answer again: what waited only for that need not sit out its pause, but for what is in use just now."""
    waiting = Operation.objects.unfinished().filter(failure=Unreachable.__name__, due_at__gt=now)
    with transaction.atomic():
        free = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
        Operation.objects.filter(pk__in=list(free)).update(due_at=now)


def _is_stale(answered_at: datetime | None, now: datetime) -> bool:
    return answered_at is None or answered_at < now - STALE


def _write(**values: object) -> None:
    Reach.objects.update_or_create(name=COVAGE, defaults=values)
