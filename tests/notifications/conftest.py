"""The tests here have a registered page of things."""

from tests.subjects import things

__all__ = ["things"]
