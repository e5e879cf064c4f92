"""Time as the stand-in sees it: the real one, plus an offset that tests move forward."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock:
    """A clock that can be moved ahead, never back except to the real time."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """The present moment in UTC, to the millisecond as the vendor shows it."""
        moment = datetime.now(UTC) + self.offset
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def advance(self, seconds: float) -> None:
        self.offset += timedelta(seconds=seconds)

    def put_right(self) -> None:
        self.offset = timedelta()


def shown(moment: datetime | None) -> str | None:
    """Return a moment as the vendor's examples write it: `2025-04-10T12:11:57.548+02:00`."""
    return None if moment is None else moment.astimezone(PARIS).isoformat(timespec="milliseconds")


def parsed(text: str) -> datetime:
    """Return an ISO 8601 moment in UTC; without offset it is Paris time. Raises ValueError for any other text."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).astimezone(UTC)
