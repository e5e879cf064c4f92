"""An order's own pages at the vendor: which may be missing, and how many are read at once."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from covage import Covage, NotFound, ServerError, Unreachable
from outbox import clients
from outbox.models import ApiHealth
from tests.covage.vendor import Handler, Server, Vendor, reply
from tests.sandbox_process import SandboxProcess
from tests.tracking.vendor_documents import detail, history
from tracking.ingest import reading
from tracking.ingest.reading import AT_ONCE, read, read_all
from tracking.ingest.store import Reading

pytestmark = pytest.mark.django_db(transaction=True)


def references(sandbox: SandboxProcess, number: int = 1) -> list[str]:
    return [one["order_reference"] for one in sandbox.orders("in_progress", number)]


@pytest.fixture
def reference(sandbox: SandboxProcess) -> str:
    return references(sandbox)[0]


def refuse(sandbox: SandboxProcess, *pages: str, status: int = 403) -> None:
    sandbox.faults([{"fault": "error", "path": f"/{page}/$", "status": status} for page in pages])


def test_the_three_pages_of_an_order_are_read(sandbox: SandboxProcess, reference: str) -> None:
    found = read(clients.client(), reference)
    assert (found.reference, found.detail["order_reference"], found.failure) == (reference, reference, "")
    assert found.history
    assert found.history[0]["state"] == "acknowledged"
    assert found.documents
    assert found.documents[0]["type"] == "BDC"


@pytest.mark.parametrize("status", [403, 404, 500])
@pytest.mark.parametrize(
    ("pages", "failure"),
    [
        (["historic"], reading.UNREAD_HISTORY),
        (["documents"], reading.UNREAD_DOCUMENTS),
        (["historic", "documents"], reading.UNREAD_BOTH),
    ],
)
def test_a_missing_history_or_list_of_documents_is_reported(
    sandbox: SandboxProcess, reference: str, pages: list[str], failure: str, status: int
) -> None:
    refuse(sandbox, *pages, status=status)
    found = read(clients.client(), reference)
    assert found.failure == failure
    assert (found.history is None, found.documents is None) == ("historic" in pages, "documents" in pages)
    assert found.detail


@pytest.mark.parametrize("fault", ["html", "cut_body"])
def test_a_page_that_makes_no_sense_counts_as_missing(
    sandbox: SandboxProcess, reference: str, fault: str
) -> None:
    sandbox.faults([{"fault": fault, "path": "/documents/$"}])
    if fault == "html":
        assert read(clients.client(), reference).failure == reading.UNREAD_DOCUMENTS
    else:
        with pytest.raises(Unreachable):
            read(clients.client(), reference)


@pytest.mark.parametrize("entry", [{"state": "active", "change_date": "soon"}, {"change_date": "2026-01-01"}])
def test_a_history_with_an_entry_that_can_not_be_read_says_so(entry: dict[str, Any], pages: "Pages") -> None:
    pages.history = [*history("acknowledged"), entry]
    found = read(pages.client(), "CMD_X_00000001")
    assert (found.failure, found.history) == (reading.UNREADABLE_HISTORY, pages.history)


def test_unknown_states_are_no_failure(pages: "Pages") -> None:
    pages.history = history("acknowledged", "road_permit_requested")
    assert read(pages.client(), "CMD_X_00000001").failure == ""


def test_a_missing_order_is_reported_as_not_found(sandbox: SandboxProcess) -> None:
    with pytest.raises(NotFound):
        read(clients.client(), "CMD_X_99999999")


def test_each_of_many_comes_with_its_reading_or_its_error(sandbox: SandboxProcess) -> None:
    first, second, third = references(sandbox, 3)
    sandbox.faults([{"fault": "error", "path": f"/{second}/$", "status": 500}])
    found = dict(read_all(clients.client(), [first, second, third, "CMD_X_99999999"]))
    assert list(found) == [first, second, third, "CMD_X_99999999"]
    assert [type(outcome) for outcome in found.values()] == [
        Reading,
        ServerError,
        Reading,
        NotFound,
    ]
    assert ApiHealth.objects.get().answered_at, "the vendor's health is noted from every thread"


class Pages:
    """A vendor of orders that counts how many are requested at once."""

    def __init__(self, server: Vendor) -> None:
        self.server = server
        self.history = history("acknowledged")
        self.together: threading.Barrier | None = None
        self.most = self._now = 0
        self._lock = threading.Lock()
        server.script = [self._answer] * 100

    def client(self) -> Covage:
        return Covage(
            api_url=self.server.url,
            token_url=self.server.token_url,
            client_id="c",
            username="u",
            password="p",
        )

    def _answer(self, handler: Handler) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        content = self._content(handler.path)
        with self._lock:
            self._now -= 1
        reply(json.dumps(content).encode())(handler)

    def _content(self, path: str) -> Any:
        if path.endswith("/historic/"):
            return {"results": self.history}
        if path.endswith("/documents/"):
            return []
        if self.together:
            self.together.wait(30)
        return detail(int(path.strip("/").rpartition("_")[2]))


@pytest.fixture
def pages(settings: Settings) -> Iterator[Pages]:
    with Server() as server:
        yield Pages(server)


def test_a_few_are_read_at_once_and_never_more(pages: Pages) -> None:
    pages.together = threading.Barrier(AT_ONCE)
    wanted = [f"CMD_X_{number:08d}" for number in range(3 * AT_ONCE)]
    found = list(read_all(pages.client(), wanted))
    assert [reference for reference, _ in found] == wanted
    assert pages.most == AT_ONCE == 4
