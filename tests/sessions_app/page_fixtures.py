"""A cart and its lines while the vendor can't be reached, so that pages send nothing."""

import pytest
from django.utils import timezone

from accounts.models import User
from outbox.models import ApiHealth
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sessions_app.page_helpers import SITE, again, draft, ready_line


@pytest.fixture(autouse=True)
def outage(people: People) -> ApiHealth:
    """Covage stopped answering a moment ago: pages leave what is pending to the worker."""
    now = timezone.now()
    return ApiHealth.objects.create(name="covage", down_since=now, tried_at=now)


@pytest.fixture
def cart(sales: User) -> Cart:
    """A draft of the sales person's, empty."""
    return draft(sales, external_id="CART-1")


@pytest.fixture
def line(cart: Cart, sales: User) -> Line:
    """A line of it that is ready."""
    return ready_line(cart, sales)


@pytest.fixture
def three_sites(line: Line, sales: User) -> Line:
    """The same with three sites, the last with an invalid postcode."""
    names = {f"{SITE}.{n}.end_customer_name": name for n, name in enumerate("ABC")}
    saved, _changes = line_actions.edit_line(line.pk, sales, names, {f"{SITE}.2.postcode": "none"})
    return again(saved)
