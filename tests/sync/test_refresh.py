"""Reading one thing again for someone who waits: once at a time, and quietly where the vendor fails."""

from datetime import timedelta

import pytest
from django.utils import timezone

from covage import Unreachable
from sync.leases import lease
from sync.refresh import is_fresh, refresh_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_what_is_requested_is_read() -> None:
    read: list[str] = []
    assert refresh_once("order:1", lambda: read.append("read"))
    assert read == ["read"]


def test_while_one_process_reads_no_other_does() -> None:
    read: list[str] = []
    with lease("order:1", seconds=30):
        assert not refresh_once("order:1", lambda: read.append("read"))
    assert read == []


def test_a_failure_of_the_vendor_s_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    def read() -> None:
        raise Unreachable("Nobody answers.")

    with caplog.at_level("INFO"):
        assert not refresh_once("order:1", read)
    assert "order:1 could not be read: Nobody answers." in caplog.text


def test_a_fault_of_ours_is_not_hidden() -> None:
    def read() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refresh_once("order:1", read)
    assert refresh_once("order:1", lambda: None), "and nothing is held after it"


def test_only_what_was_read_a_moment_ago_is_fresh() -> None:
    now = timezone.now()
    assert is_fresh(now)
    assert not is_fresh(now - timedelta(minutes=1))
    assert not is_fresh(None)
