"""The database's own statistics of a table."""

from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from sync import analyze
from sync.models import Lease

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_the_database_knows_how_many_rows_there_are_after_a_refresh() -> None:
    Lease.objects.bulk_create(
        Lease(name=f"lease {number}", holder=uuid4(), expires_at=timezone.now()) for number in range(300)
    )
    analyze.refresh(Lease)
    assert _known_rows("sync_lease") == 300


def _known_rows(table: str) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = %s", [table])
        else:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])
