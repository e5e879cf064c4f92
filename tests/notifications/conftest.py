"""A registered list page of things, for the tests of watches, changes and notices."""

from tests.subjects import things

__all__ = ["things"]
