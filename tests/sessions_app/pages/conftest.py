"""A cart and a line while the vendor can't be reached, so that pages send nothing."""

from tests.sessions_app.page_fixtures import cart, line, outage

__all__ = ["cart", "line", "outage"]
