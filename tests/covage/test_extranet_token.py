"""Signing in to the extranet: either edition is recognised, and the token says how calls carry it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from covage import CovageError, Extranet, RateLimited, Unauthorized, Unreachable
from tests.covage.conftest import Clock
from tests.covage.vendor import (
    EARLIER_TOKEN,
    EXTRANET_REFRESH,
    EXTRANET_TOKEN,
    Reply,
    Vendor,
    account_token,
    drop,
    earlier_account_token,
    reply,
)

HOUR = 3600
UNKNOWN = reply(b"<h1>Not Found</h1>", status=404)
CREDENTIALS = {"email": "carnet@example.test", "password": "secret-word"}


def _use(extranet: Extranet, vendor: Vendor) -> str:
    """Make a call and return how it was authorised."""
    vendor.will(reply({}))
    extranet.order("t8jcx8tp")
    return str(vendor.requests[-1].headers["Authorization"])


def _paths(vendor: Vendor) -> list[str]:
    return [request.path for request in vendor.token_requests]


def test_the_later_edition_is_tried_first(extranet: Extranet, vendor: Vendor) -> None:
    assert _use(extranet, vendor) == "Bearer token-1"
    [request] = vendor.token_requests
    assert (request.method, request.path, request.json) == ("POST", EXTRANET_TOKEN, CREDENTIALS)
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] is None


@pytest.mark.parametrize("unknown", [UNKNOWN, reply({"error": "no"}, status=404), reply(b"", status=405)])
def test_where_it_is_unknown_the_earlier_one_is_tried(
    unknown: Reply, extranet: Extranet, vendor: Vendor
) -> None:
    vendor.token_will(unknown)
    assert _use(extranet, vendor) == "JWT token-2"
    assert _paths(vendor) == [EXTRANET_TOKEN, EARLIER_TOKEN]
    assert vendor.token_requests[1].json == CREDENTIALS


def test_the_later_editions_token_is_refreshed_within_the_hour(
    extranet: Extranet, vendor: Vendor, clock: Clock
) -> None:
    _use(extranet, vendor)
    clock.now += HOUR - 31
    assert _use(extranet, vendor) == "Bearer token-1"
    clock.now += 2
    assert _use(extranet, vendor) == "Bearer token-2"
    assert _paths(vendor) == [EXTRANET_TOKEN, EXTRANET_REFRESH]
    assert vendor.token_requests[1].json == {"refresh": "refresh-token-1"}


def test_one_refresh_token_serves_for_twelve_hours(extranet: Extranet, vendor: Vendor, clock: Clock) -> None:
    for _ in range(12):
        _use(extranet, vendor)
        clock.now += HOUR
    assert _use(extranet, vendor) == "Bearer token-13"
    assert _paths(vendor) == [EXTRANET_TOKEN, *[EXTRANET_REFRESH] * 11, EXTRANET_TOKEN]
    assert vendor.token_requests[11].json == {"refresh": "refresh-token-1"}


def test_a_new_refresh_token_replaces_the_former(extranet: Extranet, vendor: Vendor, clock: Clock) -> None:
    vendor.token_will(account_token("first"), account_token("second"))
    _use(extranet, vendor)
    for _ in range(2):
        clock.now += HOUR
        _use(extranet, vendor)
    assert vendor.token_requests[2].json == {"refresh": "refresh-second"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_where_nothing_can_be_refreshed_the_password_is_sent_again(
    status: int, extranet: Extranet, vendor: Vendor, clock: Clock
) -> None:
    _use(extranet, vendor)
    clock.now += HOUR
    vendor.token_will(reply({"error": "no"}, status=status))
    assert _use(extranet, vendor) == "Bearer token-3"
    assert _paths(vendor) == [EXTRANET_TOKEN, EXTRANET_REFRESH, EXTRANET_TOKEN]


def test_a_token_that_came_without_a_refresh_token_is_renewed_by_the_password(
    extranet: Extranet, vendor: Vendor, clock: Clock
) -> None:
    vendor.token_will(account_token("first", refresh=None))
    _use(extranet, vendor)
    clock.now += HOUR
    _use(extranet, vendor)
    assert _paths(vendor) == [EXTRANET_TOKEN, EXTRANET_TOKEN]


def test_the_earlier_editions_token_serves_for_a_day(
    extranet: Extranet, vendor: Vendor, clock: Clock
) -> None:
    vendor.token_will(UNKNOWN, earlier_account_token("first"), UNKNOWN)
    assert _use(extranet, vendor) == "JWT first"
    clock.now += 24 * HOUR - 31
    assert _use(extranet, vendor) == "JWT first"
    clock.now += 2
    assert _use(extranet, vendor) == "JWT token-4"


def test_an_extranet_that_is_brought_up_to_date_is_followed(
    extranet: Extranet, vendor: Vendor, clock: Clock
) -> None:
    vendor.token_will(UNKNOWN)
    assert _use(extranet, vendor) == "JWT token-2"
    clock.now += 24 * HOUR
    assert _use(extranet, vendor) == "Bearer token-3"


@pytest.mark.parametrize("replies", [[], [UNKNOWN, earlier_account_token("jwt"), UNKNOWN]])
def test_a_401_is_answered_by_one_new_token_of_the_same_kind(
    replies: list[Reply], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.token_will(*replies)
    vendor.will(reply(b"", status=401), reply({"order_uuid": "t8jcx8tp"}))
    assert extranet.create_order({"type": "activate"}) == {"order_uuid": "t8jcx8tp"}
    first, second = (request.headers["Authorization"] for request in vendor.requests)
    assert first != second
    assert first.split()[0] == second.split()[0]
    assert EXTRANET_REFRESH not in _paths(vendor)


def test_a_second_401_is_unauthorized(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(*[reply({"apirequest_uuid": "KOSC_1"}, status=401)] * 3)
    with pytest.raises(Unauthorized) as caught:
        extranet.submit_order("t8jcx8tp")
    assert len(vendor.requests) == 2
    assert caught.value.request_uuid == "KOSC_1"


@pytest.mark.parametrize(
    ("replies", "error"),
    [
        ([drop], Unreachable),
        ([reply({}, status=500)], Unreachable),
        ([reply({})], Unreachable),
        ([reply({"access": "two\r\nlines"})], Unreachable),
        ([reply([])], Unreachable),
        ([reply(b"", status=429)], RateLimited),
        ([reply({}, status=400)], Unauthorized),
        ([reply({}, status=401)], Unauthorized),
        ([UNKNOWN, UNKNOWN], Unreachable),
        ([UNKNOWN, reply({"access": "of the other edition"})], Unreachable),
        ([UNKNOWN, reply({}, status=401)], Unauthorized),
    ],
)
def test_without_a_token_nothing_is_sent(
    replies: list[Reply], error: type[CovageError], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.token_will(*replies)
    with pytest.raises(error):
        extranet.create_order({})
    assert vendor.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        reply({"apirequest_uuid": "KOSC_1", "error": "Wrong password"}, status=401),
        reply({"apirequest_uuid": "KOSC_1", "error": "Broken", "details": None}, status=500),
        reply({"apirequest_uuid": "KOSC_1"}, status=429),
        reply({"apirequest_uuid": "KOSC_1"}),
    ],
)
def test_a_failure_to_sign_in_has_the_vendors_id_of_it(
    answer: Reply, extranet: Extranet, vendor: Vendor
) -> None:
    vendor.token_will(answer)
    with pytest.raises(CovageError) as caught:
        extranet.submit_order("t8jcx8tp")
    assert caught.value.request_uuid == "KOSC_1"
    assert vendor.requests == []


def test_many_threads_share_one_sign_in(extranet: Extranet, vendor: Vendor) -> None:
    threads = 8
    together = Barrier(threads)
    vendor.will(*[reply({})] * threads)

    def call(_: int) -> None:
        together.wait()
        extranet.order("t8jcx8tp")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(call, range(threads)))
    assert _paths(vendor) == [EXTRANET_TOKEN]


@pytest.mark.parametrize("secret", ["secret-word", "token-1"])
@pytest.mark.parametrize("call", [lambda e: e.order("t8jcx8tp"), lambda e: e.submit_order("t8jcx8tp")])
def test_no_message_shows_a_secret(
    secret: str, call: Callable[[Extranet], object], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(*[reply({"error": "secret-word token-1"}, status=401)] * 2)
    with pytest.raises(Unauthorized) as caught:
        call(extranet)
    assert secret not in str(caught.value)
