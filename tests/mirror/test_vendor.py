"""The vendor's health: what is known of it, and whether a page may ask now."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import TimeMachineFixture

from covage import BadAnswer, Unreachable
from mirror import vendor
from mirror.models import Reach

pytestmark = pytest.mark.django_db


def reach() -> Reach:
    return vendor.reach_of(vendor.COVAGE)


def test_of_a_vendor_that_was_never_asked_nothing_is_known_and_asking_is_worth_it() -> None:
    assert (reach().answered_at, reach().down_since) == (None, None)
    assert vendor.is_worth_trying()
    assert not Reach.objects.exists()


def test_a_good_answer_is_noted(noon: TimeMachineFixture) -> None:
    vendor.observe(None)
    assert (reach().answered_at, reach().down_since) == (timezone.now(), None)
    assert str(Reach.objects.get()) == "covage"


def test_good_answers_are_noted_only_now_and_then(noon: TimeMachineFixture) -> None:
    vendor.observe(None)
    noon.shift(29)
    with CaptureQueriesContext(connection) as queries:
        vendor.observe(None)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]
    noon.shift(2)
    vendor.observe(None)
    assert reach().answered_at == timezone.now()


def test_an_outage_is_counted_from_its_first_failure(noon: TimeMachineFixture) -> None:
    vendor.observe(None)
    noon.shift(10)
    began = timezone.now()
    vendor.observe(Unreachable("down"))
    noon.shift(10)
    vendor.observe(BadAnswer("<html>"))
    assert (reach().down_since, reach().tried_at, reach().failure) == (began, timezone.now(), "BadAnswer")
    assert reach().answered_at == began - timedelta(seconds=10)


def test_the_first_good_answer_ends_an_outage(noon: TimeMachineFixture) -> None:
    vendor.observe(None)
    vendor.observe(Unreachable("down"))
    noon.shift(1)
    vendor.observe(None)
    assert (reach().down_since, reach().failure, reach().answered_at) == (None, "", timezone.now())


def test_while_the_vendor_is_down_pages_try_only_now_and_then(noon: TimeMachineFixture) -> None:
    vendor.observe(Unreachable("down"))
    assert not vendor.is_worth_trying()
    noon.shift(19)
    assert not vendor.is_worth_trying()
    noon.shift(2)
    assert vendor.is_worth_trying()
    vendor.observe(Unreachable("down"))
    assert not vendor.is_worth_trying()
    vendor.observe(None)
    assert vendor.is_worth_trying()


def test_a_process_has_one_client_which_notes_how_each_exchange_went() -> None:
    client = vendor.client()
    assert vendor.client() is client
    with pytest.raises(Unreachable):
        vendor.hasty_client().session("7")
    assert reach().failure == "Unreachable"


def test_other_settings_make_another_client(settings: object) -> None:
    client = vendor.client()
    settings.COVAGE_USERNAME = "extranet@example.test"  # type: ignore[attr-defined]
    assert vendor.client() is not client


@pytest.mark.parametrize("seconds", [1, 4, 60, 300])
def test_a_write_leaves_or_fails_before_the_claim_on_it_lapses(settings: object, seconds: int) -> None:
    settings.OUTBOX_LEASE_SECONDS = seconds  # type: ignore[attr-defined]
    for client in (vendor.client(), vendor.hasty_client()):
        timeouts = client._transport.timeouts
        assert timeouts.whole + timeouts.connect <= seconds
