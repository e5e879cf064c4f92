"""The progress of the very first sync of orders: until it is done, the list is incomplete, and says so."""

from dataclasses import dataclass

from django.utils.formats import number_format

from sync.models import SyncRun

KIND = "orders"


@dataclass(frozen=True)
class FirstSync:
    """The newest run while none is done. `total` is None where the vendor doesn't give it."""

    seen: int
    total: int | None
    is_running: bool

    @property
    def seen_text(self) -> str:
        return number_format(self.seen, force_grouping=True)

    @property
    def total_text(self) -> str:
        return "" if self.total is None else number_format(self.total, force_grouping=True)


def first_sync() -> FirstSync | None:
    """The progress of the first sync; None when there hasn't been any run, or one was completed."""
    runs = SyncRun.objects.filter(kind=KIND)
    if runs.filter(state=SyncRun.State.DONE).exists():
        return None
    newest = runs.order_by("-started_at").first()
    if newest is None:
        return None
    return FirstSync(newest.seen, newest.total, newest.state == SyncRun.State.RUNNING)
