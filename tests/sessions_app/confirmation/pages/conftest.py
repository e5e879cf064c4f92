"""The pages while the vendor can't be reached, as for those of carts and lines alike."""

from tests.sessions_app.pages.conftest import cart, line, outage  # noqa: F401
