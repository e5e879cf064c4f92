"""The process's clients for the vendor's two APIs, and what is known of the health of each."""

import functools
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from covage import Covage, CovageError, Extranet, Unreachable
from mirror.apis import COVAGE, EXTRANET, is_configured
from mirror.kinds import Client, of_api
from mirror.models import Operation, Reach

__all__ = [
    "COVAGE",
    "EXTRANET",
    "client",
    "client_of",
    "extranet",
    "hasty_client",
    "hasty_extranet",
    "is_configured",
    "is_worth_trying",
    "observe",
    "reach_of",
]

# While an API is down a page does not try again sooner than this; the worker does that.
SPARE = timedelta(seconds=20)
# How old `answered_at` may grow before a good answer writes it anew.
STALE = timedelta(seconds=30)


def client() -> Covage:
    """The client of this process for Covage's API, pooled: as patient as the worker may be."""
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


def extranet() -> Extranet:
    """The client of this process for the extranet, pooled: as patient as the worker may be."""
    return _extranet(
        settings.EXTRANET_API_URL,
        settings.EXTRANET_EMAIL,
        settings.EXTRANET_PASSWORD,
        settings.OUTBOX_LEASE_SECONDS,
    )


def hasty_extranet() -> Extranet:
    """The same client for use while a person waits."""
    return extranet().with_timeout(settings.OUTBOX_HASTE_SECONDS)


def client_of(api: str) -> Client:
    """The patient client of an API."""
    return extranet() if api == EXTRANET else client()


def is_worth_trying(api: str = COVAGE) -> bool:
    """Whether a page may call an API now, rather than leave it to the worker."""
    if not is_configured(api):
        return False
    reach = reach_of(api)
    return not reach.down_since or reach.tried_at < timezone.now() - SPARE


def reach_of(api: str) -> Reach:
    return Reach.objects.filter(pk=api).first() or Reach(name=api)


@functools.lru_cache(maxsize=4)
def _client(
    api_url: str, token_url: str, client_id: str, username: str, password: str, edition: str, lease: float
) -> Covage:
    connect_timeout, read_timeout = _timeouts(lease)
    return Covage(
        api_url=api_url,
        token_url=token_url,
        client_id=client_id,
        username=username,
        password=password,
        edition=edition,
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        observer=observe,
    )


@functools.lru_cache(maxsize=4)
def _extranet(api_url: str, email: str, password: str, lease: float) -> Extranet:
    connect_timeout, read_timeout = _timeouts(lease)
    return Extranet(
        api_url=api_url,
        email=email,
        password=password,
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        observer=functools.partial(observe, api=EXTRANET),
    )


def _timeouts(lease: float) -> tuple[float, float]:
    """How long a call may connect and how long it may read.

    A write leaves within the two and once more the connecting: before the claim on it can lapse.
    """
    return min(3.05, lease / 4), lease / 2


def observe(error: CovageError | None, api: str = COVAGE) -> None:
    """Note how an exchange with an API went, writing only when that is news."""
    now = timezone.now()
    reach = reach_of(api)
    if error is None:
        if reach.down_since or _is_stale(reach.answered_at, now):
            _write(api, answered_at=now, down_since=None, tried_at=now, failure="")
        if reach.down_since:
            _end_pauses(api, now)
    else:
        _write(api, down_since=reach.down_since or now, tried_at=now, failure=type(error).__name__)


def _end_pauses(api: str, now: datetime) -> None:
    """They answer again: what waited only for that need not sit out its pause, but for what is in use just now."""
    unfinished = Operation.objects.unfinished().filter(of_api(api))
    waiting = unfinished.filter(failure=Unreachable.__name__, due_at__gt=now)
    with transaction.atomic():
        free = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
        Operation.objects.filter(pk__in=list(free)).update(due_at=now)


def _is_stale(answered_at: datetime | None, now: datetime) -> bool:
    return answered_at is None or answered_at < now - STALE


def _write(api: str, **values: object) -> None:
    Reach.objects.update_or_create(name=api, defaults=values)
