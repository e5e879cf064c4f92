"""What the worker does by itself, and how often. Written into the queue's table after each migration."""

from typing import Any

MINUTE, HOUR, DAY = 1, 60, 24 * 60

SCHEDULES: dict[str, tuple[str, int, dict[str, Any]]] = {
    "deliver what is owed": ("mirror.tasks.deliver", MINUTE, {}),
    "follow carts being confirmed": ("sessions_app.tasks.follow", MINUTE, {}),
    "sync carts": ("sessions_app.tasks.sync_carts", 5 * MINUTE, {}),
    "sync carts in full": ("sessions_app.tasks.sync_carts", DAY, {"full": True}),
    "sync reference data": ("sessions_app.tasks.sync_reference", 6 * HOUR, {}),
}


def ensure_schedules(using: str, **kwargs: Any) -> None:
    """Make the queue's schedules those declared here."""
    from django_q.models import Schedule

    schedules = Schedule.objects.using(using)
    for name, (func, minutes, arguments) in SCHEDULES.items():
        schedules.update_or_create(
            name=name,
            defaults={
                "func": func,
                "kwargs": arguments or None,
                "schedule_type": Schedule.MINUTES,
                "minutes": minutes,
                "repeats": -1,
            },
        )
    schedules.exclude(name__in=SCHEDULES).delete()
