"""A cart while the vendor can't be reached, so that pages send nothing."""

from tests.sessions_app.pages.conftest import cart, line, outage  # noqa: F401
