"""The pages while the vendor can't be reached, and a line with several sites."""

import pytest

from accounts.models import User
from sessions_app.lines import actions as line_actions
from sessions_app.models import Line
from tests.sessions_app.page_helpers import SITE, again
from tests.sessions_app.pages.conftest import cart, line, outage  # noqa: F401


@pytest.fixture
def three_sites(line: Line, sales: User) -> Line:  # noqa: F811
    """Three sites, the last with an invalid postcode."""
    names = {f"{SITE}.{n}.end_customer_name": name for n, name in enumerate("ABC")}
    saved, _changes = line_actions.edit_line(line.pk, sales, names, {f"{SITE}.2.postcode": "none"})
    return again(saved)
