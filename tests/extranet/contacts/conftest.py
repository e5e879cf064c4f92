"""Who changes contacts here."""

import pytest

from accounts.models import User
from tests.conftest import People


@pytest.fixture
def by(people: People) -> User:
    return people.sales
