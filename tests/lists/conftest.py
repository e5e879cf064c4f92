"""A registered list page of things, for the tests of saved views."""

from tests.subjects import things

__all__ = ["things"]
