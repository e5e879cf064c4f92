"""The vendor's APIs: their clients, what is known of their health, and whether a page should call them now."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from time_machine import TimeMachineFixture

from covage import BadAnswer, Covage, Extranet, Unreachable
from outbox import apis, health
from outbox import clients as outbox_clients
from outbox.apis import APIS, COVAGE, EXTRANET, configured, is_configured, when_configured
from outbox.models import ApiHealth, Operation
from tests.apis import speak_to
from tests.outbox.stub_vendor import COPPER_KIND, KIND, again, enqueue

pytestmark = pytest.mark.django_db


def covage_health() -> ApiHealth:
    return health.health_of(apis.COVAGE)


def test_nothing_is_known_of_an_api_that_was_never_called_and_calling_it_is_worth_trying() -> None:
    assert (covage_health().answered_at, covage_health().down_since) == (None, None)
    assert health.is_worth_trying()
    assert not ApiHealth.objects.exists()


def test_a_good_answer_is_noted(noon: TimeMachineFixture) -> None:
    health.observe(None)
    assert (covage_health().answered_at, covage_health().down_since) == (timezone.now(), None)
    assert str(ApiHealth.objects.get()) == "covage"


def test_good_answers_are_noted_only_now_and_then(noon: TimeMachineFixture) -> None:
    health.observe(None)
    noon.shift(29)
    with CaptureQueriesContext(connection) as queries:
        health.observe(None)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]
    noon.shift(2)
    health.observe(None)
    assert covage_health().answered_at == timezone.now()


def test_an_outage_is_counted_from_its_first_failure(noon: TimeMachineFixture) -> None:
    health.observe(None)
    noon.shift(10)
    began = timezone.now()
    health.observe(Unreachable("down"))
    noon.shift(10)
    health.observe(BadAnswer("<html>"))
    assert (covage_health().down_since, covage_health().tried_at, covage_health().failure) == (
        began,
        timezone.now(),
        "BadAnswer",
    )
    assert covage_health().answered_at == began - timedelta(seconds=10)


def test_the_first_good_answer_ends_an_outage(noon: TimeMachineFixture) -> None:
    health.observe(None)
    health.observe(Unreachable("down"))
    noon.shift(1)
    health.observe(None)
    assert (covage_health().down_since, covage_health().failure, covage_health().answered_at) == (
        None,
        "",
        timezone.now(),
    )


def test_while_the_vendor_is_down_pages_try_only_now_and_then(noon: TimeMachineFixture) -> None:
    health.observe(Unreachable("down"))
    assert not health.is_worth_trying()
    noon.shift(19)
    assert not health.is_worth_trying()
    noon.shift(2)
    assert health.is_worth_trying()
    health.observe(Unreachable("down"))
    assert not health.is_worth_trying()
    health.observe(None)
    assert health.is_worth_trying()


def test_a_process_has_one_client_which_notes_how_each_exchange_went() -> None:
    client = outbox_clients.client()
    assert outbox_clients.client() is client
    with pytest.raises(Unreachable):
        outbox_clients.interactive_client().session("7")
    assert covage_health().failure == "Unreachable"


def test_other_settings_make_another_client(settings: Settings) -> None:
    client = outbox_clients.client()
    settings.COVAGE_USERNAME = "extranet@example.test"
    assert outbox_clients.client() is not client


def test_each_api_has_a_client_of_its_own(settings: Settings) -> None:
    speak_to(settings, *APIS)
    assert isinstance(outbox_clients.client_of(COVAGE), Covage)
    assert isinstance(outbox_clients.client_of(EXTRANET), Extranet)
    assert outbox_clients.client_of(COVAGE) is outbox_clients.client()
    assert outbox_clients.client_of(EXTRANET) is outbox_clients.extranet()
    settings.EXTRANET_EMAIL = "another@example.test"
    assert outbox_clients.client_of(EXTRANET) is outbox_clients.extranet()


def test_each_client_notes_the_health_of_its_own_api(settings: Settings) -> None:
    speak_to(settings, *APIS)
    with pytest.raises(Unreachable):
        outbox_clients.interactive_extranet().order("7")
    assert health.health_of(EXTRANET).failure == "Unreachable"
    assert not health.is_worth_trying(EXTRANET)
    assert health.is_worth_trying(COVAGE)
    assert not covage_health().down_since


@pytest.mark.usefixtures("vendor")
def test_an_api_that_answers_again_ends_only_its_own_pauses(noon: TimeMachineFixture) -> None:
    fibre, copper = _paused(KIND), _paused(COPPER_KIND)
    health.observe(Unreachable("down"))
    health.observe(Unreachable("down"), EXTRANET)
    health.observe(None, EXTRANET)
    assert again(copper).due_at == timezone.now()
    assert again(fibre).due_at > timezone.now()
    health.observe(None)
    assert again(fibre).due_at == timezone.now()


def _paused(kind: str) -> Operation:
    operation = enqueue(kind=kind)
    later = timezone.now() + timedelta(minutes=5)
    Operation.objects.filter(pk=operation.pk).update(failure="Unreachable", due_at=later)
    return operation


@pytest.mark.parametrize(
    ("named", "counted"),
    [([COVAGE], [COVAGE]), ([EXTRANET], [EXTRANET]), (APIS, list(APIS)), ([], [COVAGE])],
)
def test_an_api_is_configured_by_its_address_and_none_at_all_means_covage(
    settings: Settings, named: list[str], counted: list[str]
) -> None:
    speak_to(settings, *named)
    assert configured() == counted
    assert [api for api in APIS if is_configured(api)] == counted


def test_an_api_that_is_not_configured_is_not_worth_trying(settings: Settings) -> None:
    speak_to(settings, EXTRANET)
    with CaptureQueriesContext(connection) as queries:
        assert not health.is_worth_trying()
    assert len(queries) == 0
    assert health.is_worth_trying(EXTRANET)


def test_a_task_of_an_api_that_is_not_configured_does_nothing(settings: Settings) -> None:
    done: list[str] = []
    task = when_configured(EXTRANET)(done.append)
    speak_to(settings, COVAGE)
    task("without")
    speak_to(settings, *APIS)
    task("with")
    assert done == ["with"]


@pytest.mark.parametrize("seconds", [1, 4, 60, 300])
def test_a_write_leaves_or_fails_before_the_claim_on_it_lapses(settings: Settings, seconds: int) -> None:
    settings.OUTBOX_LEASE_SECONDS = seconds
    speak_to(settings, *APIS)
    clients: list[Covage | Extranet] = [outbox_clients.client(), outbox_clients.interactive_client()]
    for client in [*clients, outbox_clients.extranet(), outbox_clients.interactive_extranet()]:
        timeouts = client.timeouts
        assert timeouts.whole + timeouts.connect <= seconds
