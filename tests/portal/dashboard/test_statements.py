"""What the dashboard and home ask the database: no more with many orders than with few, and no whole table."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from demo.loading import load
from tests.conftest import People
from tests.plans import statements, unserved

pytestmark = pytest.mark.postgresql

PATHS = ("/dashboard/", "/dashboard/appointments/", "/")


@pytest.fixture(autouse=True)
def _plans_know_the_table(db: None) -> Iterator[None]:
    """The planner forgets the statistics of a test's orders with them."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_as_many_statements_for_a_thousand_orders_as_for_fifty_and_none_reads_the_table(
    people: People, sales: User, signed_in: Callable[[User], Client]
) -> None:
    clients = [signed_in(people.back_office), signed_in(sales)]

    def numbers() -> list[int]:
        found = []
        for client in clients:
            for path in PATHS:
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(path).status_code == 200
                found.append(len(queries))
        return found

    load(50)
    with_few = numbers()
    load(1000)
    assert numbers() == with_few
    assert max(with_few) < 40
    for client in clients:
        for path in PATHS:
            selects, _page = statements(client, path, "tracking_order")
            assert selects
            assert not unserved(selects, "tracking_order")
