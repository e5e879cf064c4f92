"""The pages while the vendor can't be reached, and a line with several sites."""

from tests.sessions_app.page_fixtures import cart, line, outage, three_sites

__all__ = ["cart", "line", "outage", "three_sites"]
