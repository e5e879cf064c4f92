"""The token: fetched once for all, renewed in time, and never mistaken for the API's own answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest

from covage import Covage, CovageError, NotFound, RateLimited, Unauthorized, Unreachable
from tests.covage.conftest import Clock, MakeClient
from tests.covage.vendor import Handler, Reply, Vendor, drop, keep_silent, reply, token


def _use(client: Covage, vendor: Vendor) -> str:
    """Make a call and return the token that it carried."""
    vendor.will(reply({}))
    client.line("L1")
    return vendor.requests[-1].headers["Authorization"].removeprefix("Bearer ")


def test_the_password_grant_is_sent_as_a_form(client: Covage, vendor: Vendor) -> None:
    _use(client, vendor)
    [request] = vendor.token_requests
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.form == {
        "grant_type": "password",
        "client_id": "api-client",
        "username": "carnet@example.test",
        "password": "secret-word",
    }


def test_a_token_serves_until_shortly_before_its_end(client: Covage, vendor: Vendor, clock: Clock) -> None:
    assert _use(client, vendor) == "token-1"
    clock.now += 269
    assert _use(client, vendor) == "token-1"
    clock.now += 2
    assert _use(client, vendor) == "token-2"


def test_a_living_refresh_token_is_used(client: Covage, vendor: Vendor, clock: Clock) -> None:
    _use(client, vendor)
    clock.now += 300
    assert _use(client, vendor) == "token-2"
    assert vendor.token_requests[1].form == {
        "grant_type": "refresh_token",
        "client_id": "api-client",
        "refresh_token": "refresh-token-1",
    }


def test_a_dead_refresh_token_is_not(client: Covage, vendor: Vendor, clock: Clock) -> None:
    _use(client, vendor)
    clock.now += 1800
    _use(client, vendor)
    assert vendor.token_requests[1].form["grant_type"] == "password"


def test_a_refused_refresh_token_gives_way_to_the_password(
    client: Covage, vendor: Vendor, clock: Clock
) -> None:
    _use(client, vendor)
    clock.now += 300
    vendor.token_will(reply({"error": "invalid_grant"}, status=400))
    assert _use(client, vendor) == "token-3"
    assert vendor.token_requests[2].form["grant_type"] == "password"


@pytest.mark.parametrize("life", [None, "300", 0, -1])
def test_a_token_without_a_sensible_life_serves_for_a_minute(
    life: object, client: Covage, vendor: Vendor, clock: Clock
) -> None:
    vendor.token_will(token("first", expires_in=life, refresh_expires_in=0))
    assert _use(client, vendor) == "first"
    clock.now += 50
    assert _use(client, vendor) == "first"
    clock.now += 10
    assert _use(client, vendor) == "token-2"
    assert vendor.token_requests[1].form["grant_type"] == "refresh_token"


def test_a_401_is_answered_by_one_new_token_and_one_repetition(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"", status=401), reply({"id": "S1"}))
    assert client.create_session({"external_id": "1"}) == {"id": "S1"}
    assert [request.headers["Authorization"] for request in vendor.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]
    assert vendor.requests[0].body == vendor.requests[1].body
    assert [request.form["grant_type"] for request in vendor.token_requests] == ["password", "password"]


def test_a_second_401_is_unauthorized(client: Covage, vendor: Vendor) -> None:
    vendor.will(*[reply(b"", status=401)] * 3)
    with pytest.raises(Unauthorized):
        client.create_session({})
    assert len(vendor.requests) == 2


def test_an_outage_after_a_401_means_not_processed(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"", status=401))
    vendor.token_will(token("token-1"), drop)
    with pytest.raises(Unreachable):
        client.create_session({})


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (drop, Unreachable),
        (reply(b"", status=500), Unreachable),
        (reply(b"", status=404), Unreachable),
        (reply(b"", status=302, Location="/elsewhere"), Unreachable),
        (reply(b"<html>"), Unreachable),
        (reply([]), Unreachable),
        (reply({}), Unreachable),
        (reply({"access_token": "two\r\nlines"}), Unreachable),
        (reply({"access_token": ""}), Unreachable),
        (reply(b"no gzip", Content_Encoding="gzip"), Unreachable),
        (reply(b"", status=429, Retry_After="7"), RateLimited),
        (reply({"error": "invalid_grant"}, status=400), Unauthorized),
        (reply({"error": "invalid_grant"}, status=401), Unauthorized),
    ],
)
def test_without_a_token_nothing_is_sent(
    answer: Reply, error: type[CovageError], client: Covage, vendor: Vendor
) -> None:
    vendor.token_will(answer)
    with pytest.raises(error):
        client.create_session({})
    assert vendor.requests == []


def test_an_outage_of_the_token_is_tried_again_for_reads(
    client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.token_will(drop)
    assert _use(client, vendor) == "token-2"
    assert len(pauses) == 1


def test_a_failure_is_forgotten_once_a_token_is_had(client: Covage, vendor: Vendor) -> None:
    vendor.token_will(drop)
    with pytest.raises(Unreachable):
        client.create_session({})
    vendor.will(reply({}), reply(b"", status=404))
    client.create_session({})
    with pytest.raises(NotFound):
        client.update_session("S1", {})


@pytest.mark.parametrize("outcome", [token("shared"), reply(b"", status=500)])
def test_many_threads_share_one_fetch_and_its_outcome(
    outcome: Reply, make_client: MakeClient, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = 8
    waiting = _Waiting(threads - 1)
    monkeypatch.setattr("covage.token.Lock", lambda: waiting)
    client = make_client(retries=0)
    together = Barrier(threads)

    def slow(handler: Handler) -> None:
        waiting.until_all_wait()
        outcome(handler)

    def call(_: int) -> str:
        together.wait()
        try:
            return str(client.line("L1")["id"])
        except Unreachable:
            return "unreachable"

    vendor.token_will(slow)
    vendor.will(*[reply({"id": "L1"})] * threads)
    with ThreadPoolExecutor(threads) as pool:
        results = set(pool.map(call, range(threads)))
    assert len(vendor.token_requests) == 1
    assert len(results) == 1


def test_a_thread_with_a_short_time_out_does_not_wait_for_another_ones_token(
    make_client: MakeClient, vendor: Vendor
) -> None:
    client = make_client()
    vendor.token_will(keep_silent)
    with ThreadPoolExecutor(1) as pool:
        patient = pool.submit(client.with_timeout(60).line, "L1")
        _poll(lambda: len(vendor.token_requests) == 1)
        with pytest.raises(Unreachable, match="still unanswered"):
            client.with_timeout(0.05).line("L1")
        vendor.over.set()
        with pytest.raises(Unreachable):
            patient.result()


class _Waiting:
    """A lock that counts the threads that queue for it, so that the test needs no sleep to be sure of them."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._queued = 0
        self._lock = Lock()

    def acquire(self, timeout: float) -> bool:
        self._queued += 1
        return self._lock.acquire(timeout=timeout)

    def release(self) -> None:
        self._lock.release()

    def until_all_wait(self) -> None:
        _poll(lambda: self._queued == self._expected + 1)


def _poll(condition: Callable[[], bool]) -> None:
    never = Event()
    for _ in range(6000):
        if condition():
            return
        never.wait(0.01)
    raise AssertionError("The condition never came about.")
