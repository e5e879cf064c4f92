from tests.portal.conftest import running_sandbox, sandbox  # noqa: F401
