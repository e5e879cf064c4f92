"""Repeatable chance: numbers from a hash of the seed and of what they are for."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")
_FINE = 1 << 20
_EXHAUSTED = 1 << 64


class Dice:
    """Throws that are the same each time for the same names, whatever else was thrown before."""

    __slots__ = ("_digest", "_left")

    def __init__(self, *names: object) -> None:
        self._digest = blake2b(repr(names).encode()).digest()
        self._left = int.from_bytes(self._digest, "big")

    def below(self, number: int) -> int:
        """Return a whole number from 0 to one less than this."""
        if self._left < _EXHAUSTED:
            self._digest = blake2b(self._digest).digest()
            self._left = int.from_bytes(self._digest, "big")
        self._left, thrown = divmod(self._left, number)
        return thrown

    def share(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        return self.below(_FINE) / _FINE

    def chance(self, per_mille: int) -> bool:
        return self.below(1000) < per_mille

    def choice(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]
