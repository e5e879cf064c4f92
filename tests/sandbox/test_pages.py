"""Lists in each of the three shapes, page by page."""

from collections.abc import Iterator

import pytest

from tests.sandbox.documents import got
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def numbered() -> Iterator[SandboxProcess]:
    with SandboxProcess("--page-shape", "results", "--page-size", "2") as process:
        process.load(sessions=5, lines=1)
        yield process


@pytest.fixture(scope="module")
def counted() -> Iterator[SandboxProcess]:
    with SandboxProcess("--page-shape", "items", "--page-size", "2") as process:
        process.load(sessions=5, lines=1)
        yield process


def test_a_bare_list_has_everything(sandbox: SandboxProcess) -> None:
    sandbox.load(sessions=120, lines=0)

    assert len(got(sandbox, "product_order/")) == 120


def test_numbered_pages_lead_to_each_other(numbered: SandboxProcess) -> None:
    first = got(numbered, "product_order/", state="created")
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    assert first["next"] == f"{numbered.url}/api/v1/product_order/?state=created&page=2"

    last = got(numbered, "product_order/", page="3")
    assert (len(last["results"]), last["next"]) == (1, None)


def test_a_page_beyond_the_last_is_not_found(numbered: SandboxProcess) -> None:
    assert numbered.call("GET", "product_order/", params={"page": "4"}).status_code == 404


def test_offsets_reach_every_item_once(counted: SandboxProcess) -> None:
    pages = [got(counted, "product_order_item/", offset=str(offset)) for offset in (0, 2, 4, 6)]

    ids = [item["id"] for page in pages for item in page["items"]]
    assert [len(page["items"]) for page in pages] == [2, 2, 1, 0]
    assert (len(set(ids)), pages[0]["count"]) == (5, 5)


def test_a_limit_may_be_smaller_but_not_larger_than_a_page(counted: SandboxProcess) -> None:
    assert len(got(counted, "product_order/", limit="1")["items"]) == 1
    assert len(got(counted, "product_order/", limit="100")["items"]) == 2


@pytest.mark.parametrize("query", [{"limit": "0"}, {"offset": "-1"}, {"limit": "many"}])
def test_nonsense_is_refused(counted: SandboxProcess, query: dict[str, str]) -> None:
    assert counted.call("GET", "product_order/", params=query).status_code == 400


def test_reference_data_comes_in_the_same_shape(counted: SandboxProcess) -> None:
    assert got(counted, "referential/enni/").keys() == {"items", "count"}
