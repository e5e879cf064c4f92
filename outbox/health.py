"""The health of each of the vendor's APIs, as the exchanges with it show."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from covage import CovageError, Unreachable
from outbox.apis import COVAGE, is_configured
from outbox.handlers import of_api
from outbox.models import ApiHealth, Operation

# While an API is down a page doesn't try it more often than this; the worker does.
RETRY_AFTER = timedelta(seconds=20)
# How old `answered_at` may be before a good answer writes it again.
STALE_AFTER = timedelta(seconds=30)


def is_worth_trying(api: str = COVAGE) -> bool:
    """Whether a page should call an API now, rather than leave that to the worker."""
    if not is_configured(api):
        return False
    health = health_of(api)
    return not health.down_since or health.tried_at < timezone.now() - RETRY_AFTER


def health_of(api: str) -> ApiHealth:
    """Returns what is known of an API; an unsaved row when it was never called."""
    return ApiHealth.objects.filter(pk=api).first() or ApiHealth(name=api)


def observe(error: CovageError | None, api: str = COVAGE) -> None:
    """Note how an exchange with an API went, writing only when something changed."""
    now = timezone.now()
    health = health_of(api)
    if error is None:
        if health.down_since or _is_stale(health.answered_at, now):
            _write(api, answered_at=now, down_since=None, tried_at=now, failure="")
        if health.down_since:
            _end_pauses(api, now)
    else:
        _write(api, down_since=health.down_since or now, tried_at=now, failure=type(error).__name__)


def _end_pauses(api: str, now: datetime) -> None:
    """Make due what only waited for the API to answer again, except what a worker is handling just now."""
    unfinished = Operation.objects.unfinished().filter(of_api(api))
    waiting = unfinished.filter(failure=Unreachable.__name__, due_at__gt=now)
    with transaction.atomic():
        free = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
        Operation.objects.filter(pk__in=list(free)).update(due_at=now)


def _is_stale(answered_at: datetime | None, now: datetime) -> bool:
    return answered_at is None or answered_at < now - STALE_AFTER


def _write(api: str, **values: object) -> None:
    ApiHealth.objects.update_or_create(name=api, defaults=values)
