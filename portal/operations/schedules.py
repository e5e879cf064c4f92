"""What the worker does by itself, and how often. Written into the queue's table after each migration."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext_noop

MINUTE, HOUR, DAY = 1, 60, 24 * 60  # in minutes
# When what is done once a day begins: at that hour nobody is waiting for a page.
NIGHT = time(2, 30)

SCHEDULES: dict[str, tuple[str, int, dict[str, Any]]] = {
    gettext_noop("send what is waiting to Covage"): ("outbox.tasks.deliver", MINUTE, {}),
    gettext_noop("follow carts being confirmed"): ("sessions_app.tasks.follow", MINUTE, {}),
    gettext_noop("sync carts"): ("sessions_app.tasks.sync_carts", 5 * MINUTE, {}),
    gettext_noop("sync carts in full"): ("sessions_app.tasks.sync_carts", DAY, {"full": True}),
    gettext_noop("notify people of changes"): ("notifications.tasks.notify", MINUTE, {}),
    gettext_noop("send daily email digests"): ("notifications.tasks.digest", 15 * MINUTE, {}),
    gettext_noop("delete old notices"): ("notifications.tasks.forget", DAY, {}),
    gettext_noop("sync orders"): ("tracking.tasks.sync_orders", 30 * MINUTE, {}),
    gettext_noop("sync orders in full"): ("tracking.tasks.sync_orders", DAY, {"full": True}),
    gettext_noop("read order details"): ("tracking.tasks.sync_pages", MINUTE, {}),
    gettext_noop("follow exports"): ("tracking.tasks.follow_exports", MINUTE, {}),
    gettext_noop("calculate lead times"): ("tracking.tasks.roll_up", 6 * HOUR, {}),
    gettext_noop("sync copper orders"): ("extranet.tasks.sync_extranet", MINUTE, {}),
    gettext_noop("sync copper orders in full"): ("extranet.tasks.sync_extranet", DAY, {"full": True}),
    gettext_noop("sync copper reference data"): ("extranet.tasks.sync_products", 6 * HOUR, {}),
    gettext_noop("sync reference data"): ("sessions_app.tasks.sync_reference", 6 * HOUR, {}),
}


def ensure_schedules(using: str, **kwargs: Any) -> None:
    """Make the queue's schedules those declared here, once the queue has its tables."""
    from django_q.models import Schedule

    if Schedule._meta.db_table not in connections[using].introspection.table_names():
        return
    schedules = Schedule.objects.using(using)
    for name, (func, minutes, arguments) in SCHEDULES.items():
        declared = {
            "func": func,
            "kwargs": arguments or None,
            "schedule_type": Schedule.MINUTES,
            "minutes": minutes,
            "repeats": -1,
        }
        first = {"next_run": _next_night() if minutes == DAY else timezone.now()}
        schedules.update_or_create(name=name, defaults=declared, create_defaults=declared | first)
    schedules.exclude(name__in=SCHEDULES).delete()


def _next_night() -> datetime:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, NIGHT))
