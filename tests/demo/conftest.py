"""The sandbox as the tests of the portal's pages have it."""

from tests.portal.conftest import running_sandbox, sandbox  # noqa: F401
