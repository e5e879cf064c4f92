"""Reads are tried again where that may help, and follow redirects no further than is safe."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from covage import BadAnswer, Covage, CovageError, RateLimited, ServerError, Unauthorized, Unreachable
from covage.transport import address_on_same_host
from tests.covage.conftest import MakeClient
from tests.covage.vendor import Reply, Vendor, cut, drop, hang_up, keep_silent, reply


@pytest.mark.parametrize(
    "failure",
    [drop, hang_up, cut({"id": "L1", "note": "long"}), reply(b"", status=500), reply(b"", status=503)],
)
def test_a_failed_read_is_tried_again(
    failure: Reply, client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(failure, failure, failure, reply({"id": "L1"}))
    assert client.line("L1") == {"id": "L1"}
    assert len(vendor.requests) == 4
    assert [low <= pause <= 2 * low for low, pause in zip((0.25, 0.5, 1.0), pauses, strict=True)] == [
        True
    ] * 3


def test_a_read_that_never_succeeds_is_unreachable(
    client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(*[drop] * 9)
    with pytest.raises(Unreachable, match="asking again is safe"):
        client.line("L1")
    assert (len(vendor.requests), len(pauses)) == (4, 3)


def test_a_read_without_an_answer_is_unreachable(make_client: MakeClient, vendor: Vendor) -> None:
    vendor.will(keep_silent)
    with pytest.raises(Unreachable):
        make_client(read_timeout=1, retries=0).line("L1")


def test_a_failing_vendor_is_a_server_error_in_the_end(
    client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(*[reply(b"<h1>Oops</h1>", status=502)] * 4)
    with pytest.raises(ServerError) as caught:
        client.line("L1")
    assert (caught.value.status, len(pauses)) == (502, 3)


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_pause_that_the_vendor_asks_for_is_kept(
    status: int, client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(reply(b"", status=status, Retry_After="3"), reply({"id": "L1"}))
    assert client.line("L1") == {"id": "L1"}
    assert pauses == [3.0]


def test_a_pause_may_be_a_date(client: Covage, vendor: Vendor, pauses: list[float]) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    past = "Wed, 21 Oct 2015 07:28:00 -0000"
    vendor.will(*[reply(b"", status=429, Retry_After=when) for when in (soon, past)], reply({}))
    client.line("L1")
    assert 0 < pauses[0] <= 8
    assert pauses[1] == 0


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "11"}, {"Retry_After": "9" * 12}])
def test_a_long_pause_is_left_to_the_caller(
    headers: dict[str, str], client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(reply(b"", status=429, **headers))
    with pytest.raises(RateLimited) as caught:
        client.line("L1")
    assert 11 <= caught.value.retry_after <= 86_400
    assert pauses == []


def test_an_interactive_client_shares_the_token_and_tries_once(
    client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(reply({}), drop)
    client.line("L1")
    with pytest.raises(Unreachable):
        client.with_timeout(5.0).line("L1")
    assert (len(vendor.requests), len(vendor.token_requests), pauses) == (2, 1, [])


def test_an_interactive_client_waits_no_longer_than_its_time_out(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({}), keep_silent)
    client.line("L1")
    with pytest.raises(Unreachable):
        client.with_timeout(1).line("L1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed(status: int, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"", status=status, Location="/api/v1/moved/?a=1"), reply({"id": "L1"}))
    assert client.line("L1") == {"id": "L1"}
    assert (vendor.requests[1].path, vendor.requests[1].query) == ("/api/v1/moved/", {"a": "1"})
    assert vendor.requests[1].headers["Authorization"] == "Bearer token-1"


@pytest.mark.parametrize(
    "location", ["http://localhost:{port}/", "http://127.0.0.1:1/", "ftp://127.0.0.1/", ""]
)
def test_a_redirect_to_elsewhere_is_not_followed(location: str, client: Covage, vendor: Vendor) -> None:
    port = vendor.url.rpartition(":")[2]
    vendor.will(reply(b"", status=302, Location=location.format(port=port)))
    with pytest.raises(BadAnswer, match="not followed"):
        client.line("L1")
    assert len(vendor.requests) == 1


def test_a_few_redirects_are_followed_to_their_end(client: Covage, vendor: Vendor) -> None:
    vendor.will(*[reply(b"", status=302, Location=f"/{n}/") for n in range(5)], reply({"id": "L1"}))
    assert client.line("L1") == {"id": "L1"}


def test_redirects_in_circles_end(client: Covage, vendor: Vendor) -> None:
    vendor.will(*[reply(b"", status=302, Location="/round/")] * 9)
    with pytest.raises(BadAnswer, match="more than 5 times"):
        client.line("L1")
    assert len(vendor.requests) == 6


@pytest.mark.parametrize(
    ("base", "link", "address"),
    [
        ("https://a.example/x/", "?page=2", "https://a.example/x/?page=2"),
        ("https://a.example/x/", "http://a.example/x/?page=2", "https://a.example/x/?page=2"),
        ("https://a.example:8443/x/", "http://a.example:8443/x/", "https://a.example:8443/x/"),
        ("https://a.example/x/", "https://A.example:443/y", "https://a.example/y"),
        ("https://a.example/x/", "https://me:pw@a.example/y#z", "https://a.example/y"),
        ("http://a.example/x/", "https://a.example/y", "https://a.example/y"),
        ("https://a.example/x/", "https://a.example", "https://a.example/"),
        ("https://a.example/x/", "https://b.example/x/", None),
        ("https://a.example/x/", "//b.example/x/", None),
        ("https://a.example/x/", "https://a.example.b.example/", None),
        ("https://a.example/x/", "https://a.example:8443/x/", None),
        ("https://a.example/x/", "http://a.example:8080/x/", None),
        ("http://a.example:8000/x/", "https://a.example/x/", None),
        ("https://a.example/x/", "https://a.example:port/", None),
        ("https://a.example/x/", "file:///etc/passwd", None),
    ],
)
def test_links_are_followed_only_where_the_token_belongs(base: str, link: str, address: str | None) -> None:
    assert address_on_same_host(base, link) == address


@pytest.mark.parametrize("text", [b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}'])
def test_what_is_no_number_is_read_as_nothing(text: bytes, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(text))
    assert client.line("L1") == {"a": None}


def test_what_can_not_be_stored_is_left_out_of_texts(client: Covage, vendor: Vendor) -> None:
    raw = rb'{"note": "a\u0000b", "a\u0000": [1, {"half": "\ud83d", "whole": "\ud83d\ude00"}]}'
    vendor.will(reply(raw))
    assert client.line("L1") == {"note": "ab", "a": [1, {"half": "?", "whole": "😀"}]}


def test_the_observer_gets_failures_and_sensible_answers(
    make_client: MakeClient, vendor: Vendor, pauses: list[float]
) -> None:
    seen: list[CovageError | None] = []
    client = make_client(observer=seen.append)
    vendor.will(drop, reply({}), reply(b"", status=404), reply(b"<html>"))
    client.line("L1")
    for _ in range(2):
        with pytest.raises(CovageError):
            client.line("L1")
    assert [type(error) for error in seen] == [Unreachable, type(None), type(None), BadAnswer]


def test_the_observer_gets_the_refusal_of_the_account(make_client: MakeClient, vendor: Vendor) -> None:
    seen: list[CovageError | None] = []
    client = make_client(observer=seen.append)
    vendor.will(*[reply({"detail": "no"}, status=401)] * 2)
    with pytest.raises(Unauthorized):
        client.line("L1")
    assert type(seen[-1]) is Unauthorized


def test_a_failing_observer_does_not_cost_the_answer(
    make_client: MakeClient, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(error: CovageError | None) -> None:
        raise RuntimeError("observer broke")

    vendor.will(reply({"id": "S1"}))
    assert make_client(observer=fail).create_session({}) == {"id": "S1"}
    assert "observer broke" in caplog.text
