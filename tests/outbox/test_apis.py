"""The outbox with two APIs: each operation goes to its own, and trouble with one doesn't affect the other."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from time_machine import TimeMachineFixture

from covage import Conflict, CovageError, Invalid, RateLimited, ServerError, Unreachable
from outbox import handlers
from outbox.apis import APIS, COVAGE, EXTRANET
from outbox.handlers import Refused, of_api, of_unknown_kind
from outbox.interactive import send_now
from outbox.models import ApiHealth, Operation
from tests.apis import speak_to
from tests.outbox.stub_vendor import COPPER_KIND, KIND, State, StubVendor, again, enqueue, wait_until_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_apis(settings: Settings) -> None:
    speak_to(settings, *APIS)


@pytest.fixture
def interactive(vendor: StubVendor, monkeypatch: pytest.MonkeyPatch) -> StubVendor:
    """The vendor as pages reach it."""
    monkeypatch.setattr("outbox.clients.client_of", vendor.client_of)
    monkeypatch.setattr(StubVendor, "with_timeout", lambda self, seconds: self, raising=False)
    return vendor


def _refused_by_ourselves_after(error: CovageError) -> Exception:
    refusal = Refused("NoSuchOrder")
    refusal.__cause__ = error
    return refusal


def test_a_kind_belongs_to_the_api_that_it_was_registered_for_and_an_unknown_one_to_none(
    vendor: StubVendor,
) -> None:
    kinds = (KIND, COPPER_KIND, "vanished")
    assert [handlers.api_of(kind) for kind in kinds] == [COVAGE, EXTRANET, ""]


def test_a_query_separates_the_apis_as_kinds_do(vendor: StubVendor) -> None:
    operations = [enqueue(kind=kind) for kind in (KIND, COPPER_KIND, "vanished")]
    for api in APIS:
        expected = {one for one in operations if handlers.api_of(one.kind) == api}
        assert set(Operation.objects.filter(of_api(api))) == expected
    assert set(Operation.objects.filter(of_unknown_kind())) == {operations[2]}


def test_each_subject_is_served_by_the_client_of_its_api(vendor: StubVendor) -> None:
    fibre, copper = enqueue(), enqueue(kind=COPPER_KIND)
    assert vendor.deliver_due() == 0
    assert vendor.served == [fibre.pk, copper.pk]
    assert vendor.apis == [COVAGE, EXTRANET]


@pytest.mark.parametrize(
    ("configured", "kind", "other"), [(COVAGE, KIND, COPPER_KIND), (EXTRANET, COPPER_KIND, KIND)]
)
def test_what_is_pending_for_an_api_that_is_not_configured_waits_untried(
    vendor: StubVendor, settings: Settings, configured: str, kind: str, other: str
) -> None:
    speak_to(settings, configured)
    sent, kept = enqueue(kind=kind), enqueue(kind=other)
    assert vendor.deliver_due() == 0
    assert (again(sent).state, again(kept).state) == (State.SUCCEEDED, State.WAITING)
    assert again(kept).attempts == 0
    speak_to(settings, *APIS)
    assert vendor.deliver_due() == 0
    assert again(kept).state == State.SUCCEEDED


@pytest.mark.parametrize("apis", [(COVAGE,), (EXTRANET,), APIS])
def test_what_no_app_handles_waits_whichever_api_is_configured(
    vendor: StubVendor, settings: Settings, apis: tuple[str, ...]
) -> None:
    speak_to(settings, *apis)
    strange = enqueue(kind="vanished")
    assert vendor.deliver_due() == 0
    assert (again(strange).state, again(strange).attempts) == (State.WAITING, 0)
    assert (vendor.calls, vendor.apis) == ([], [])


def test_nothing_that_no_app_handles_is_sent_for_a_person_who_waits(interactive: StubVendor) -> None:
    strange = enqueue(kind="vanished")
    send_now(strange.subject_id)
    assert (again(strange).state, again(strange).attempts) == (State.WAITING, 0)
    assert (interactive.calls, interactive.apis) == ([], [])


def test_a_pause_that_one_api_asks_for_does_not_hold_back_the_other(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    copper, later_copper, fibre = enqueue(kind=COPPER_KIND), enqueue(kind=COPPER_KIND), enqueue()
    vendor.will("prepare", RateLimited("slower", retry_after=90))
    assert vendor.deliver_due() == 2
    assert again(fibre).state == State.SUCCEEDED
    assert again(later_copper).attempts == 0
    wait_until_due(copper, noon)
    assert vendor.deliver_due() == 0


def test_a_paused_api_is_queried_once_a_round(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    enqueue()
    vendor.will("prepare", RateLimited("slower", retry_after=90))
    vendor.deliver_due()
    queries_of_rounds = []
    for _ in range(2):
        enqueue()
        with CaptureQueriesContext(connection) as queries:
            vendor.deliver_due()
        queries_of_rounds.append(len(queries))
    assert queries_of_rounds[0] == queries_of_rounds[1]


def test_a_person_who_waits_has_each_subject_sent_to_its_own_api(interactive: StubVendor) -> None:
    fibre, copper, other = enqueue(), enqueue(kind=COPPER_KIND), enqueue()
    send_now(copper.subject_id, fibre.subject_id)
    assert (interactive.served, interactive.apis) == ([fibre.pk, copper.pk], [COVAGE, EXTRANET])
    assert again(other).state == State.WAITING


def test_a_person_who_waits_does_not_wait_for_an_api_that_is_down_nor_for_one_that_is_not_configured(
    interactive: StubVendor, settings: Settings, noon: TimeMachineFixture
) -> None:
    fibre, copper = enqueue(), enqueue(kind=COPPER_KIND)
    ApiHealth.objects.create(name=EXTRANET, down_since=timezone.now())
    send_now(copper.subject_id, fibre.subject_id)
    assert (again(fibre).state, again(copper).state) == (State.SUCCEEDED, State.WAITING)
    ApiHealth.objects.all().delete()
    speak_to(settings, COVAGE)
    send_now(copper.subject_id)
    assert (again(copper).state, again(copper).attempts) == (State.WAITING, 0)


def test_where_nothing_is_pending_the_vendor_is_not_called(interactive: StubVendor) -> None:
    send_now(uuid.uuid4())
    assert (interactive.calls, interactive.apis) == ([], [])


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ServerError("500", status=500, request_uuid="KOSC_7"), State.UNKNOWN),
        (Unreachable("503", status=503, request_uuid="KOSC_7"), State.WAITING),
        (Invalid("422", status=422, request_uuid="KOSC_7"), State.REFUSED),
        (Conflict("409", status=409, request_uuid="KOSC_7"), State.REFUSED),
    ],
)
def test_what_the_vendors_support_asks_for_is_kept(
    vendor: StubVendor, error: CovageError, state: str
) -> None:
    operation = enqueue(kind=COPPER_KIND)
    vendor.will("send", error)
    vendor.deliver(operation.subject_id)
    assert (again(operation).state, again(operation).request_uuid) == (state, "KOSC_7")


def test_a_refusal_of_our_own_keeps_the_reference_of_the_answer_behind_it(vendor: StubVendor) -> None:
    behind, alone = enqueue(), enqueue()
    vendor.will(
        "prepare", _refused_by_ourselves_after(Invalid("400", request_uuid="KOSC_8")), Refused("NotInState")
    )
    vendor.deliver_due()
    assert [again(one).request_uuid for one in (behind, alone)] == ["KOSC_8", ""]


def test_after_success_there_is_nothing_to_ask_support_about(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue(kind=COPPER_KIND)
    vendor.will("send", Unreachable("503", request_uuid="KOSC_7"))
    vendor.deliver(operation.subject_id)
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    assert (again(operation).state, again(operation).request_uuid) == (State.SUCCEEDED, "")


def test_a_reference_of_any_length_is_kept_as_far_as_it_fits(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("send", Invalid("400", request_uuid="K" * 500))
    vendor.deliver(operation.subject_id)
    assert again(operation).request_uuid == "K" * 100
