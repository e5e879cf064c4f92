"""A write goes out once, and its outcome is reported for what it is."""

import gzip
import socket
from collections.abc import Callable
from time import monotonic

import pytest

import covage.pool
from covage import (
    BadAnswer,
    Conflict,
    Covage,
    CovageError,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
)
from tests.covage.conftest import MakeClient
from tests.covage.vendor import (
    Handler,
    Reply,
    Vendor,
    cut,
    cut_chunk,
    drip,
    drop,
    hang_up,
    keep_silent,
    reply,
    token,
)

CHANGES: list[Callable[[Covage], object]] = [
    lambda c: c.create_session({"external_id": "1"}),
    lambda c: c.update_line("S1", "L1", {"note": "n"}),
    lambda c: c.delete_line("S1", "L1"),
    lambda c: c.confirm_session("S1"),
    lambda c: c.request_order("O1", "terminate", {"reason": "r"}),
    lambda c: c.start_export(),
]


@pytest.mark.parametrize("write", CHANGES)
@pytest.mark.parametrize("lost", [drop, hang_up, cut({"id": "1", "note": "long enough"}), cut_chunk])
def test_a_dropped_answer_is_an_unknown_outcome_and_nothing_is_sent_twice(
    write: Callable[[Covage], object], lost: Reply, client: Covage, vendor: Vendor
) -> None:
    vendor.will(lost, reply({}))
    with pytest.raises(OutcomeUnknown, match="look before sending again"):
        write(client)
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("slow", [keep_silent, drip])
def test_an_answer_that_takes_too_long_is_an_unknown_outcome(
    slow: Reply, make_client: MakeClient, vendor: Vendor
) -> None:
    client = make_client(connect_timeout=1, read_timeout=1)
    vendor.will(slow)
    with pytest.raises(OutcomeUnknown) as caught:
        client.create_session({})
    assert not caught.value.permanent
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("replies", [[], [reply(status=401)]])
def test_a_write_whose_token_came_too_late_is_not_sent(
    replies: list[Reply], client: Covage, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its caller may be taken for dead by then, and another worker be about to send it."""
    late = 0.0

    def slowly(handler: Handler) -> None:
        nonlocal late
        late += 13.0
        token("slow")(handler)

    monkeypatch.setattr("covage.transport.monotonic", lambda: monotonic() + late)
    vendor.will(*replies)
    vendor.token_will(*[token("refused")] * len(replies), slowly)
    with pytest.raises(Unreachable, match="nothing was sent"):
        client.confirm_session("S1")
    assert len(vendor.requests) == len(replies)
    vendor.will(reply({"id": "L1"}))
    assert client.confirm_session("S1") == {"id": "L1"}, "the token that came late serves the next"


def test_a_pooled_connection_that_died_under_the_request_is_an_unknown_outcome(
    client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply({}), hang_up)
    client.create_session({})
    with pytest.raises(OutcomeUnknown):
        client.create_session({})
    assert len(vendor.requests) == 2


def test_a_refused_connection_means_not_processed(make_client: MakeClient, vendor: Vendor) -> None:
    vendor.token_will()
    client = make_client(api_url=f"http://127.0.0.1:{_free_port()}")
    with pytest.raises(Unreachable, match="nothing was sent"):
        client.create_session({})


def test_an_unknown_host_means_not_processed(
    make_client: MakeClient, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(api_url="http://covage.invalid")
    look_up = socket.getaddrinfo

    def only_numbers(host: str, *rest: object, **more: object) -> object:
        if host == "covage.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", only_numbers)
    with pytest.raises(Unreachable):
        client.create_session({})


def test_a_connection_that_is_never_accepted_means_not_processed(make_client: MakeClient) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        client = make_client(api_url=f"http://127.0.0.1:{full.getsockname()[1]}", connect_timeout=1)
        with pytest.raises(Unreachable):
            client.create_session({})


def test_an_older_refused_connection_does_not_colour_a_lost_answer(
    make_client: MakeClient, vendor: Vendor
) -> None:
    def fall_back() -> None:
        try:
            make_client(api_url=f"http://127.0.0.1:{_free_port()}").create_session({})
        except Unreachable:
            make_client().create_session({})

    vendor.will(drop)
    with pytest.raises(OutcomeUnknown):
        fall_back()


@pytest.mark.parametrize(
    ("status", "error", "permanent"),
    [
        (400, Invalid, True),
        (401, Unauthorized, False),
        (403, Forbidden, True),
        (404, NotFound, True),
        (405, Invalid, True),
        (408, BadAnswer, False),
        (409, Conflict, True),
        (410, NotFound, True),
        (413, Invalid, True),
        (422, Invalid, True),
        (429, RateLimited, False),
        (500, ServerError, False),
        (503, ServerError, False),
    ],
)
def test_each_refusal_has_its_error(
    status: int, error: type[CovageError], permanent: bool, client: Covage, vendor: Vendor
) -> None:
    vendor.will(*[reply({"detail": "no"}, status=status)] * 2)
    with pytest.raises(error) as caught:
        client.create_session({})
    assert (caught.value.status, caught.value.permanent) == (status, permanent)
    assert "POST /api/v1/product_order" in caught.value.message


def test_a_404_with_a_page_comes_from_something_else_than_the_api(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"<html>no such host</html>", status=404))
    with pytest.raises(BadAnswer):
        client.create_session({})


@pytest.mark.parametrize(
    ("header", "pause"), [({}, 60.0), ({"Retry_After": "7"}, 7.0), ({"Retry_After": "soon"}, 60.0)]
)
def test_a_rate_limit_says_when_to_come_back_and_is_not_waited_out(
    header: dict[str, str], pause: float, client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(reply(b"", status=429, **header))
    with pytest.raises(RateLimited) as caught:
        client.create_session({})
    assert caught.value.retry_after == pause
    assert pauses == []


@pytest.mark.parametrize(
    "body",
    [b"<html>Sign in</html>", b"", b'{"id": ', b"[" * 100_000, b"\xff\xfe{", b"[]", b'"1"', b"null", b"3"],
)
def test_a_2xx_without_an_object_is_a_bad_answer(body: bytes, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(body, Content_Type="text/html"))
    with pytest.raises(BadAnswer):
        client.create_session({})


@pytest.mark.parametrize("body", [b"", b" \n", b"{}", b'{"id": "S1", "product_order_item": []}'])
def test_a_deletion_may_be_answered_with_nothing_or_an_object(
    body: bytes, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(body, status=204 if not body else 200))
    client.delete_session("S1")
    assert vendor.requests[0].method == "DELETE"


def test_a_page_in_place_of_the_answer_to_a_deletion_is_a_bad_answer(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"<html>Sign in</html>"))
    with pytest.raises(BadAnswer):
        client.delete_session("S1")


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://elsewhere.example/login?next=secret", "https://elsewhere.example/login"),
        ("/login?x=secret", "/login"),
        ("http://[broken", "can't be read"),
        ("?x=secret", "nowhere"),
    ],
)
def test_a_redirected_write_is_not_followed(
    location: str, shown: str, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(b"", status=302, Location=location))
    with pytest.raises(BadAnswer) as caught:
        client.create_session({})
    assert shown in caught.value.message
    assert "secret" not in caught.value.message
    assert len(vendor.requests) == 1


def test_a_body_that_cannot_be_decompressed_is_a_bad_answer(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"no gzip at all", Content_Encoding="gzip"))
    with pytest.raises(BadAnswer, match="decompressed"):
        client.create_session({})


def test_a_compressed_answer_is_read(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(gzip.compress(b'{"id": "S1"}'), Content_Encoding="gzip"))
    assert client.create_session({}) == {"id": "S1"}


def test_an_endless_body_is_a_bad_answer(
    client: Covage, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(covage.pool, "LARGEST_BODY", 1000)
    vendor.will(reply({"note": "x" * 2000}))
    with pytest.raises(BadAnswer, match="larger"):
        client.create_session({})


def test_no_message_holds_a_secret_or_a_customer(
    client: Covage, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="covage")
    refused = {"end_customer_name": ["Dupont is unknown"], "Mme Durand": ["no"]}
    vendor.will(reply(refused, status=400), reply({"results": []}))
    with pytest.raises(Invalid) as caught:
        client.create_session({"external_id": "Dupont"})
    list(client.line_pages(search="Dupont"))
    written = caught.value.message + caplog.text
    assert "POST /api/v1/product_order: 400 in" in caplog.text
    assert "at end_customer_name" in caught.value.message
    assert not [secret for secret in ("Dupont", "Durand", "token-1", "secret-word") if secret in written]


def test_a_number_that_json_does_not_know_is_refused_before_anything_is_sent(
    client: Covage, vendor: Vendor
) -> None:
    with pytest.raises(ValueError, match="JSON"):
        client.create_session({"latitude": float("nan")})
    assert vendor.requests == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
