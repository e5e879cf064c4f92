"""The documents of an order over HTTP: as files, in a frame, all in one archive."""

import io
import zipfile
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from tests.sandbox_process import SandboxProcess
from tests.tracking.order_factory import NOON
from tracking.ingest import store
from tracking.models import Document, Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

PDF = "%PDF-1.4 hello"


@pytest.fixture
def order(sandbox: SandboxProcess) -> Order:
    store.ingest_page([sandbox.control("GET", "orders?state=active&limit=1")[0]], NOON)
    return Order.objects.get()


@pytest.fixture
def document(order: Order, sandbox: SandboxProcess) -> Document:
    return _listed(order, sandbox, "bon de commande n° 1.pdf", PDF)


def _listed(order: Order, sandbox: SandboxProcess, filename: str, text: str) -> Document:
    document = {"type": "BDC", "filename": filename, "text": text}
    sandbox.control("POST", f"orders/{order.reference}/documents", document)
    return Document.objects.create(order=order, kind="BDC", filename=filename)


def _url(document: Document, more: str = "") -> str:
    return f"{document.order.get_absolute_url()}documents/{document.filename}{more}"


def _body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def _policy(response: Any) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split(";")
    return dict((part.strip() + " ").split(" ", 1) for part in parts)


def test_a_pdf_opens_in_the_browser_where_none_of_it_can_run(
    sales_client: Client, document: Document
) -> None:
    response = sales_client.get(_url(document))
    assert _body(response) == PDF.encode()
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''bon%20de%20commande%20n%C2%B0%201.pdf"
    assert {name: values.split() for name, values in _policy(response).items()} == {
        "sandbox": [],
        "default-src": ["'none'"],
    }
    assert response["X-Frame-Options"] == "DENY"
    # A sandboxed page that asks to be alone among windows is not opened.
    assert response["Cross-Origin-Opener-Policy"] == "unsafe-none"


def test_a_pdf_can_be_downloaded_as_well(sales_client: Client, document: Document) -> None:
    response = sales_client.get(_url(document, "?download"))
    assert response["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("filename", ["page.html", "drawing.svg", "list.csv", "plan"])
def test_other_types_than_pdf_are_only_saved(
    sales_client: Client, order: Order, sandbox: SandboxProcess, filename: str
) -> None:
    response = sales_client.get(_url(_listed(order, sandbox, filename, "<script>alert(1)</script>")))
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] in ("application/octet-stream", "text/csv")


def test_a_document_opened_once_is_there_while_covage_is_down(
    sales_client: Client, document: Document, sandbox: SandboxProcess
) -> None:
    _body(sales_client.get(_url(document)))
    sandbox.down()
    assert _body(sales_client.get(_url(document))) == PDF.encode()
    sandbox.down(False)


@pytest.mark.parametrize(
    "name", ["other.pdf", "..%2F..%2Fetc%2Fpasswd", "..", "%5C..%5Cform.pdf", "a%00.pdf", "%0d%0aX-A: b"]
)
def test_a_name_that_covage_does_not_list_is_not_found(
    sales_client: Client, document: Document, sandbox: SandboxProcess, name: str
) -> None:
    for more in ("", "/frame/"):
        assert (
            sales_client.get(f"{document.order.get_absolute_url()}documents/{name}{more}").status_code == 404
        )
    assert not [entry for entry in sandbox.log() if "/download/" in entry["path"]]


def test_a_hostile_name_in_the_listing_is_shown_and_never_a_link(
    sales_client: Client, order: Order, sandbox: SandboxProcess
) -> None:
    _listed(order, sandbox, "../../settings.pdf", PDF)
    page = sales_client.get(order.get_absolute_url()).content.decode()
    assert "../../settings.pdf" in page
    assert "so Carnet doesn&#x27;t request it. Tell Covage." in page
    assert "settings.pdf?download" not in page


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [("<html>", 502, "a PDF, although its name says so"), (None, 404, "have it. Try again later")],
)
def test_an_unavailable_document_says_why_and_may_be_tried_again(
    sales_client: Client, order: Order, sandbox: SandboxProcess, text: str | None, status: int, said: str
) -> None:
    document = Document.objects.create(order=order, kind="BDC", filename="form.pdf")
    if text:
        sandbox.control("POST", f"orders/{order.reference}/documents", _vendor_document("form.pdf", text))
    response = sales_client.get(_url(document))
    assert response.status_code == status
    assert said in response.content.decode()
    assert _url(document) in response.content.decode()
    framed = sales_client.get(_url(document, "/frame/"))
    assert (framed.status_code, said in framed.content.decode()) == (status, True)


def _vendor_document(filename: str, text: str) -> dict[str, str]:
    return {"type": "BDC", "filename": filename, "text": text}


def test_trouble_with_a_document_is_shown_beside_it_on_the_page(
    sales_client: Client, order: Order, sandbox: SandboxProcess
) -> None:
    document = _listed(order, sandbox, "form.pdf", "<html>")
    page = sales_client.get(order.get_absolute_url())
    assert "isn&#x27;t a PDF" not in page.content.decode()
    sales_client.get(_url(document))
    page = sales_client.get(order.get_absolute_url())
    assert "a PDF, although its name says so" in page.content.decode()
    assert f"{document.filename}?download" in page.content.decode()


def test_the_frame_holds_the_pdf_and_may_connect_to_nothing_else(
    sales_client: Client, document: Document
) -> None:
    response = sales_client.get(_url(document, "/frame/"))
    assert b64encode(PDF.encode()).decode() in response.content.decode()
    policy = _policy(response)
    assert policy["sandbox"].split() == ["allow-scripts"]
    assert policy["default-src"].split() == ["'none'"]
    assert policy["script-src"].split() == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["frame-ancestors"].split() == ["'self'"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_every_other_page_stays_out_of_frames(sales_client: Client, order: Order) -> None:
    response = sales_client.get(order.get_absolute_url())
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_the_order_shows_a_pdf_in_a_sandboxed_frame(sales_client: Client, document: Document) -> None:
    url = document.order.get_absolute_url()
    for headers in ({}, {"HX-Request": "true"}):
        page = sales_client.get(url, {"view": document.filename}, headers=headers).content.decode()
        assert '<iframe class="document" sandbox="allow-scripts" src="' in page
        assert "/frame/" in page
    assert "<iframe" not in sales_client.get(url, {"view": "no such.pdf"}).content.decode()


def test_the_frame_of_another_type_than_pdf_says_so(
    sales_client: Client, order: Order, sandbox: SandboxProcess
) -> None:
    document = _listed(order, sandbox, "list.csv", "a;b")
    assert "Only PDFs are shown here" in sales_client.get(_url(document, "/frame/")).content.decode()
    page = sales_client.get(order.get_absolute_url(), {"view": "list.csv"}).content.decode()
    assert "<iframe" not in page


def test_a_huge_pdf_is_not_embedded_in_a_page(sales_client: Client, document: Document) -> None:
    _body(sales_client.get(_url(document)))
    Document.objects.update(size=100_000_000)
    assert "too large to be shown here" in sales_client.get(_url(document, "/frame/")).content.decode()


def test_all_documents_come_as_one_archive(
    sales_client: Client, document: Document, sandbox: SandboxProcess
) -> None:
    _listed(document.order, sandbox, "form.pdf", "no PDF")
    response = sales_client.get(f"{document.order.get_absolute_url()}documents.zip")
    packed = zipfile.ZipFile(io.BytesIO(_body(response)))
    assert packed.namelist() == [document.filename, "missing documents.txt"]
    assert f"{document.order.reference}.zip" in response["Content-Disposition"]


def test_an_order_without_documents_has_no_archive(sales_client: Client, order: Order) -> None:
    response = sales_client.get(f"{order.get_absolute_url()}documents.zip")
    assert response.status_code == 302
    assert response["Location"] == order.get_absolute_url()


def test_documents_of_an_unknown_order_are_not_found(sales_client: Client, document: Document) -> None:
    for url in ("documents.zip", f"documents/{document.filename}", f"documents/{document.filename}/frame/"):
        assert sales_client.get(f"/orders/CMD_X_NOTHING/{url}").status_code == 404
