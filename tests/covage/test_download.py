"""Files are read piece by piece, and one that isn't complete is never taken for complete."""

import gzip
from collections.abc import Callable
from threading import Event
from time import monotonic

import pytest

from covage import (
    BadAnswer,
    Covage,
    CovageError,
    Download,
    Forbidden,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
)
from tests.covage.conftest import MakeClient
from tests.covage.vendor import (
    Reply,
    Vendor,
    chunked,
    cut,
    cut_between_chunks,
    cut_chunk,
    drip,
    drop,
    in_two,
    pour,
    reply,
    stall,
)

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 1000


def _begun(client: Covage) -> Download:
    return client.download_document("CMD_X_00009444", "CMD_X_00009444_1.pdf")


def _content(client: Covage) -> bytes:
    with _begun(client) as download:
        return b"".join(download.chunks())


def test_a_document_comes_with_its_type_and_length(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(PDF, Content_Type="application/pdf"))
    with _begun(client) as download:
        assert (download.content_type, download.length) == ("application/pdf", len(PDF))
        chunks = list(download.chunks(size=1000))
    assert b"".join(chunks) == PDF
    assert max(map(len, chunks)) <= 1000
    assert vendor.requests[0].headers["Accept"] == "*/*"
    assert vendor.requests[0].headers["Authorization"] == "Bearer token-1"


def test_an_export_comes_alike(client: Covage, vendor: Vendor) -> None:
    vendor.will(chunked(b"order_reference;state\n", b"CMD_X_1;active\n"))
    with client.download_export("T1") as download:
        assert (download.content_type, download.length) == ("application/octet-stream", None)
        assert b"".join(download.chunks()) == b"order_reference;state\nCMD_X_1;active\n"


def test_an_empty_file_is_a_file(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b""))
    assert _content(client) == b""


def test_the_beginning_is_there_before_the_end_is_sent(client: Covage, vendor: Vendor) -> None:
    go_on = Event()
    vendor.will(in_two(b"begin", go_on, b"end"))
    with _begun(client) as download:
        chunks = download.chunks()
        assert next(chunks) == b"begin"
        go_on.set()
        assert b"".join(chunks) == b"end"


def test_a_compressed_file_is_unpacked_and_its_length_unknown(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(gzip.compress(PDF), Content_Encoding="gzip"))
    with _begun(client) as download:
        assert download.length is None
        assert b"".join(download.chunks()) == PDF


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("Bon de commande n°1.pdf", "Bon%20de%20commande%20n%C2%B01.pdf"),
        ("a?b#c%2Fd&e.pdf", "a%3Fb%23c%252Fd%26e.pdf"),
        ("...pdf", "...pdf"),
    ],
)
def test_a_name_is_one_percent_encoded_part_of_the_path(
    name: str, segment: str, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(PDF))
    client.download_document("O/1", name).close()
    assert vendor.requests[0].path == f"/api/v1/order/O%2F1/{segment}/download/"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.pdf", "../a.pdf", "a\\b.pdf", "a.pdf\0", "\ud800.pdf"])
def test_a_name_that_names_no_plain_file_is_refused_before_anything_is_sent(
    name: str, client: Covage, vendor: Vendor
) -> None:
    with pytest.raises(ValueError, match="document|empty|surrogates"):
        client.download_document("O1", name)
    assert (vendor.requests, vendor.token_requests) == ([], [])


@pytest.mark.parametrize("broken", [cut(PDF), cut_chunk, cut_between_chunks])
def test_a_file_that_is_cut_short_is_a_bad_answer(broken: Reply, client: Covage, vendor: Vendor) -> None:
    vendor.will(broken)
    received: list[bytes] = []
    with _begun(client) as download, pytest.raises(BadAnswer, match="cut short"):
        received.extend(download.chunks())
    assert received, "what came was handed on as it came"
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("slow", [stall, drip])
def test_a_file_that_comes_too_slowly_is_given_up(
    slow: Reply, make_client: MakeClient, vendor: Vendor
) -> None:
    vendor.will(slow)
    with _begun(make_client(connect_timeout=1, read_timeout=1)) as download:
        chunks = download.chunks()
        with pytest.raises(Unreachable, match="asking again is safe"):
            list(chunks)


def test_a_slow_reader_may_take_all_the_time(
    client: Covage, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = 0.0
    monkeypatch.setattr("covage.download.monotonic", lambda: monotonic() + late)
    vendor.will(reply(PDF))
    received = b""
    with _begun(client) as download:
        for chunk in download.chunks():
            received += chunk
            late += 3600
    assert received == PDF


def test_what_cannot_be_unpacked_is_a_bad_answer(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(PDF, Content_Encoding="gzip"))
    with pytest.raises(BadAnswer, match="decompressed"):
        _content(client)


def test_a_file_announced_as_too_large_is_not_begun(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(PDF))
    with pytest.raises(BadAnswer, match="larger than 1000 bytes"):
        client.download_export("T1", most=1000)


@pytest.mark.parametrize("endless", [chunked(PDF), reply(gzip.compress(PDF), Content_Encoding="gzip")])
def test_a_file_that_turns_out_too_large_is_broken_off(
    endless: Reply, client: Covage, vendor: Vendor
) -> None:
    vendor.will(endless)
    received: list[bytes] = []
    with client.download_document("O1", "a.pdf", most=100_000) as download:
        chunks = download.chunks()
        with pytest.raises(BadAnswer, match="larger than 100000 bytes"):
            received.extend(chunks)
    assert 0 < len(b"".join(received)) <= 100_000


def test_a_file_of_just_the_largest_size_is_whole(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(PDF))
    with client.download_document("O1", "a.pdf", most=len(PDF)) as download:
        assert b"".join(download.chunks()) == PDF


def test_a_refused_token_is_renewed_once(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({"detail": "no"}, status=401), reply(PDF))
    assert _content(client) == PDF
    assert [request.headers["Authorization"] for request in vendor.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Unauthorized), (403, Forbidden), (404, NotFound), (410, NotFound), (429, RateLimited)],
)
def test_each_refusal_has_its_error(
    status: int, error: type[CovageError], client: Covage, vendor: Vendor
) -> None:
    vendor.will(*[reply({"detail": "no"}, status=status)] * 2)
    with pytest.raises(error) as caught:
        _begun(client)
    assert caught.value.status == status


@pytest.mark.parametrize("failure", [drop, reply(b"", status=503)])
def test_a_download_that_does_not_begin_is_tried_again(
    failure: Reply, client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(failure, reply(PDF))
    assert _content(client) == PDF
    assert len(pauses) == 1


def test_a_vendor_that_fails_on_is_a_server_error(make_client: MakeClient, vendor: Vendor) -> None:
    vendor.will(reply(b"", status=500))
    with pytest.raises(ServerError):
        _begun(make_client(retries=0))


def test_a_redirect_on_the_same_host_is_followed(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"", status=302, Location="/files/1.pdf?key=2"), reply(PDF))
    assert _content(client) == PDF
    moved = vendor.requests[1]
    assert (moved.path, moved.query, moved.headers["Accept"]) == ("/files/1.pdf", {"key": "2"}, "*/*")


def test_a_redirect_to_another_host_is_not_followed(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"", status=302, Location="https://files.example/1.pdf?key=secret"))
    with pytest.raises(BadAnswer, match="not followed") as caught:
        _begun(client)
    assert "secret" not in caught.value.message


def test_the_connection_serves_again_after_a_whole_file(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(PDF), reply({"id": "O1"}))
    _content(client)
    client.order("O1")
    first, second = vendor.requests
    assert first.port == second.port


def test_a_file_left_half_way_lets_the_vendor_go(client: Covage, vendor: Vendor) -> None:
    left = Event()
    vendor.will(pour(left), reply({"id": "O1"}))
    with _begun(client) as download:
        next(download.chunks())
    assert left.wait(30), "the vendor still sends"
    assert client.order("O1") == {"id": "O1"}


@pytest.mark.parametrize("end", [lambda download: download.close(), lambda download: list(download.chunks())])
def test_a_closed_download_says_so_instead_of_seeming_empty(
    end: Callable[[Download], object], client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(PDF))
    download = _begun(client)
    end(download)
    with pytest.raises(ValueError, match="closed"):
        list(download.chunks())


def test_a_download_closed_under_its_reader_does_not_seem_whole(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(PDF))
    with _begun(client) as download:
        chunks = download.chunks(size=1000)
        next(chunks)
    with pytest.raises(ValueError, match="closed"):
        next(chunks)


@pytest.mark.parametrize(
    ("answer", "observed"),
    [
        (reply(PDF), [type(None)]),
        (cut(PDF), [type(None), BadAnswer]),
        (reply(b"", status=404), [type(None)]),
        (chunked(PDF * 9), [type(None)]),
    ],
)
def test_the_observer_gets_failures_but_not_our_own_limits(
    answer: Reply, observed: list[type], make_client: MakeClient, vendor: Vendor
) -> None:
    seen: list[CovageError | None] = []
    client = make_client(observer=seen.append)
    vendor.will(answer)
    try:
        with client.download_document("O1", "a.pdf", most=2 * len(PDF)) as download:
            list(download.chunks())
    except (BadAnswer, NotFound):
        pass
    assert [type(error) for error in seen] == observed
