"""What became of each copper order of the past, computed from the seed and its number alone.

The first orders are the collection doors, which the vendor ordered itself. The last ones are still under way,
each in another status, so that a past of forty orders shows them all.
"""

from dataclasses import dataclass

from sandbox.dice import Dice
from sandbox.extranet.order import DRAFT, LINE_BUILDING

DOORS = 4
_SPAN, _RECENT_SPAN = 783, 25  # working days: three years, and the last weeks
_RECENT_STATUSES = (
    DRAFT, "running", "pending", "submitted", "running", "held", DRAFT, "acknowledged", "running", "pending",
)  # fmt: skip
_PATHS_TO = {
    DRAFT: (),
    "submitted": ("submitted",),
    "acknowledged": ("submitted", "acknowledged"),
    "running": ("submitted", "acknowledged", "running"),
    "pending": ("submitted", "acknowledged", "running", "pending"),
    "held": ("submitted", "acknowledged", "running", "held"),
}
_DONE = ("submitted", "acknowledged", "running", "completed")
# Other statuses that orders of the past went through, and for how many of a thousand; the rest were completed.
_OTHER_PATHS = (
    (70, ("submitted", "acknowledged", "running", "held", "running", "completed")),
    (60, ("submitted", "acknowledged", "running", "pending", "running", "completed")),
    (35, ("submitted", "rejected")),
    (30, ("submitted", "acknowledged", "running", "rejected")),
    (25, ("submitted", "acknowledged", "running", "pending", "canceled")),
)
# Working days that an order usually stays in a status.
_STAYS = {DRAFT: 1.0, "submitted": 0.1, "acknowledged": 0.7, "running": 8.0, "pending": 2.0, "held": 6.0}


@dataclass(frozen=True)
class Fate:
    """`moments` are statuses with the working days at which they were entered, the creation as a draft first."""

    number: int
    terminates: bool
    moments: tuple[tuple[str, float], ...]
    activation_type: str = "activate"

    @property
    def status(self) -> str:
        return self.moments[-1][0]

    @property
    def created(self) -> float:
        return self.moments[0][1]


class Fates:
    """The fates of orders 1 to `count`; `now` is the working day at which the past ends."""

    def __init__(self, seed: int, count: int, now: float) -> None:
        self.seed = seed
        self.count = count
        self.now = now
        self._recent = min(count - DOORS, max(12, (count - DOORS) // 25))
        self._gap = max(7, (count - DOORS) // 3)
        self._known: dict[int, Fate] = {}

    def fate(self, number: int) -> Fate:
        if number not in self._known:
            self._known[number] = self._computed(number)
        return self._known[number]

    def _computed(self, number: int) -> Fate:
        if number <= DOORS:
            return self._door(number)
        target = number - self._gap
        if self._might_terminate(number) and self._own(target).status == "completed":
            return self._own(number, terminates=True)
        return self._own(number)

    def terminated_by(self, number: int) -> int:
        """Return the number of the order that ends, or will end, this order's service; 0 when none does."""
        later = number + self._gap
        if number > DOORS and later <= self.count and self.fate(later).terminates:
            return later
        return 0

    def target(self, number: int) -> int:
        """Return the number of the order whose service this termination ends."""
        return number - self._gap

    def _might_terminate(self, number: int) -> bool:
        """Whether chance makes it a termination, and its target none, so that there is a service to end."""
        wanted = number - self._gap > DOORS and Dice(self.seed, "terminates", number).chance(90)
        return wanted and not self._might_terminate(number - self._gap)

    def _own(self, number: int, terminates: bool = False) -> Fate:
        dice = Dice(self.seed, "copper", number)
        created, recent = self._created(number, dice)
        builds = not terminates and dice.chance(220)
        activation_type = dice.choice(LINE_BUILDING) if builds else "activate"
        status = _RECENT_STATUSES[number % len(_RECENT_STATUSES)]
        path = _PATHS_TO[status] if recent else self._path(dice)
        if terminates:
            path = tuple(each for each in path if each not in ("pending", "canceled")) if recent else _DONE
        moments = self._moments(created, path, dice, 2.0 if builds else 1.0)
        return Fate(number, terminates, moments, activation_type)

    def _created(self, number: int, dice: Dice) -> tuple[float, bool]:
        """Return the working day when the order was made, and whether that is recent."""
        left, share = self.count - number, dice.share()
        if left < self._recent:
            return self.now - _RECENT_SPAN * (left + share) / self._recent, True
        before = self.count - DOORS - self._recent
        return self.now - _RECENT_SPAN - (_SPAN - _RECENT_SPAN) * (
            left - self._recent + share
        ) / before, False

    def _path(self, dice: Dice) -> tuple[str, ...]:
        luck = dice.below(1000)
        for share, path in _OTHER_PATHS:
            if luck < share:
                return path
            luck -= share
        return _DONE

    def _moments(
        self, created: float, path: tuple[str, ...], dice: Dice, slowness: float
    ) -> tuple[tuple[str, float], ...]:
        """Return the moments of the path, drawn together where they would go beyond the present."""
        moments, at, last = [created], created, DRAFT
        for status in path:
            at += _STAYS[last] * slowness * (0.4 + 1.2 * dice.share())
            moments.append(at)
            last = status
        spent, room = at - created, (self.now - created) * 0.98
        squeeze = room / spent if spent > room else 1.0
        return tuple(
            (status, created + (moment - created) * squeeze)
            for status, moment in zip((DRAFT, *path), moments, strict=True)
        )

    def _door(self, number: int) -> Fate:
        created = self.now - _SPAN - 60 + 9 * number
        path = _PATHS_TO["running"] if number == DOORS else _DONE
        created = self.now - 20 if number == DOORS else created
        return Fate(number, False, self._moments(created, path, Dice(self.seed, "door", number), 1.5))
