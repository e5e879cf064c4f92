"""A sales person to whom some of the invented orders belong."""

import pytest

from accounts.models import User
from tests.conftest import People
from tests.portal.dashboard.page_helpers import EMAIL


@pytest.fixture
def sales(people: People) -> User:
    """A sales person by whose e-mail address some of the orders were created."""
    User.objects.filter(pk=people.sales.pk).update(email=EMAIL)
    return User.objects.get(pk=people.sales.pk)
