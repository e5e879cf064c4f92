"""Documents of orders: requested once, checked, kept."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404

from tests.sandbox_process import SandboxProcess
from tests.tracking.order_factory import NOON
from tests.tracking.vendor_documents import listed
from tracking.documents import files as documents_files
from tracking.ingest import store
from tracking.models import Document, Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media"), pytest.mark.postgresql]

A_PDF = b"%PDF-1.4\n%%EOF"
WRONG_TYPE = [
    ("form.pdf", b"<html><script>alert(1)</script>", documents_files.NOT_A_PDF),
    ("form.PDF", b"", documents_files.NOT_A_PDF),
    ("form.pdf", b" %PDF-1.4", documents_files.NOT_A_PDF),
    ("plan.png", b"<svg onload='alert(1)'>", documents_files.WRONG_TYPE),
    ("photo.jpg", A_PDF, documents_files.WRONG_TYPE),
    ("all.zip", b"MZ", documents_files.WRONG_TYPE),
    ("list.xlsx", b"a;b;c", documents_files.WRONG_TYPE),
]
HONEST = [
    ("form.pdf", A_PDF, documents_files.PDF),
    ("no ending", A_PDF, documents_files.PDF),
    ("plan.png", b"\x89PNG\r\n\x1a\n", "image/png"),
    ("list.csv", b"a;b", "text/csv"),
    ("page.html", b"<html>", documents_files.UNKNOWN),
    ("drawing.svg", b"<svg>", documents_files.UNKNOWN),
    ("plan.dwg", b"AC1032", documents_files.UNKNOWN),
]


def _order(sandbox: SandboxProcess) -> Order:
    """An active order of the vendor's, with the documents that they list."""
    raw = sandbox.control("GET", "orders?state=active&limit=1")[0]
    store.ingest_page([raw], NOON)
    return Order.objects.get()


def _listed(order: Order, sandbox: SandboxProcess, filename: str, **content: str) -> Document:
    """One more document that the vendor has."""
    document = {"type": "BDC", "filename": filename, "text": "no PDF"} | content
    sandbox.control("POST", f"orders/{order.reference}/documents", document)
    return Document.objects.create(order=order, kind="BDC", filename=filename)


def _reason(document: Document) -> str:
    with pytest.raises(documents_files.DocumentUnavailable) as refused:
        documents_files.ensure_fetched(document)
    document.refresh_from_db()
    assert document.trouble == refused.value.reason
    assert not document.content
    return refused.value.reason


@pytest.mark.parametrize(("name", "content", "reason"), WRONG_TYPE)
def test_a_false_file_type_is_detected(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(documents_files.DocumentUnavailable) as refused:
        documents_files.content_type_of(name, content)
    assert refused.value.reason == reason


@pytest.mark.parametrize(("name", "content", "content_type"), HONEST)
def test_a_document_is_what_its_first_bytes_say_and_never_a_page(
    name: str, content: bytes, content_type: str
) -> None:
    assert documents_files.content_type_of(name, content) == content_type


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b.pdf", "a\\b.pdf", "..", ".", "a\nb.pdf", "a\0.pdf", "a\u202efdp.exe"]
)
def test_a_name_with_a_path_or_that_deceives_is_no_file_name(name: str) -> None:
    assert not documents_files.is_file_name(name)


def test_a_name_with_spaces_accents_and_dots_is_a_file_name() -> None:
    assert documents_files.is_file_name("Procès-verbal n° 1.v2.pdf")


def test_a_document_is_requested_once_and_kept_under_a_name_of_ours(
    sandbox: SandboxProcess, media: Path
) -> None:
    document = _listed(_order(sandbox), sandbox, "form.pdf", text="%PDF-1.4 hello")
    documents_files.ensure_fetched(document)
    sandbox.down()
    kept = documents_files.ensure_fetched(Document.objects.get())
    assert kept.content.read() == b"%PDF-1.4 hello"
    assert (kept.content_type, kept.size, kept.trouble) == (documents_files.PDF, 14, "")
    files = [path for path in media.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert "form" not in files[0].name
    sandbox.down(False)


def test_a_file_that_was_lost_here_is_fetched_again(sandbox: SandboxProcess, media: Path) -> None:
    document = _listed(_order(sandbox), sandbox, "form.pdf", text="%PDF-1.4 hello")
    documents_files.ensure_fetched(document)
    Path(document.content.path).unlink()
    assert documents_files.ensure_fetched(Document.objects.get()).content.read() == b"%PDF-1.4 hello"


def test_a_copy_that_another_fetched_meanwhile_is_replaced_and_deleted(
    sandbox: SandboxProcess, media: Path
) -> None:
    document = _listed(_order(sandbox), sandbox, "form.pdf", text="%PDF-1.4 hello")
    late = Document.objects.get()
    documents_files.ensure_fetched(document)
    documents_files.ensure_fetched(late)
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1
    assert Document.objects.get().content.read() == b"%PDF-1.4 hello"


def test_a_false_pdf_is_neither_kept_nor_shown_and_may_be_tried_again(sandbox: SandboxProcess) -> None:
    order = _order(sandbox)
    document = _listed(order, sandbox, "form.pdf", text="<html>")
    assert _reason(document) == documents_files.NOT_A_PDF
    sandbox.control("POST", f"orders/{order.reference}/documents", _document("form2.pdf"))
    document.filename = "form2.pdf"
    document.save()
    assert documents_files.ensure_fetched(document).trouble == ""


def _document(filename: str) -> dict[str, Any]:
    return {"type": "BDC", "filename": filename, "text": "%PDF-1.4"}


def test_a_download_cut_short_is_not_kept(sandbox: SandboxProcess) -> None:
    document = _listed(_order(sandbox), sandbox, "form.pdf", text="%PDF-1.4 " + "x" * 10_000)
    sandbox.faults([{"fault": "cut_body", "path": "download"}])
    assert _reason(document) == documents_files.NOT_WHOLE


def test_a_document_that_is_listed_and_not_there_says_so(sandbox: SandboxProcess) -> None:
    document = Document.objects.create(order=_order(sandbox), kind="BDC", filename="nothing.pdf")
    assert _reason(document) == documents_files.MISSING


def test_an_outage_says_so_and_nobody_waits_for_it_twice(sandbox: SandboxProcess) -> None:
    document = _listed(_order(sandbox), sandbox, "form.pdf", text="%PDF-1.4")
    sandbox.down()
    assert _reason(document) == documents_files.UNAVAILABLE
    sandbox.down(False)
    assert _reason(document) == documents_files.UNAVAILABLE
    assert [entry for entry in sandbox.log() if "form.pdf" in entry["path"]] == []


def test_a_document_that_is_no_longer_listed_is_not_requested(sandbox: SandboxProcess) -> None:
    document = _listed(_order(sandbox), sandbox, "form.pdf", text="%PDF-1.4")
    document.gone_at = NOON
    document.save()
    assert _reason(document) == documents_files.NOT_LISTED
    assert not documents_files.is_available(document)


def test_a_name_with_a_path_is_not_requested(sandbox: SandboxProcess) -> None:
    document = Document.objects.create(order=_order(sandbox), kind="BDC", filename="../../form.pdf")
    assert _reason(document) == documents_files.NO_FILE_NAME
    with pytest.raises(Http404):
        documents_files.document_named(document.order, document.filename)


def test_the_archive_holds_available_documents_and_names_the_others(sandbox: SandboxProcess) -> None:
    order = _order(sandbox)
    good = _listed(order, sandbox, "bon n° 1.pdf", text="%PDF-1.4 hello")
    bad = _listed(order, sandbox, "form.pdf", text="no PDF")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(documents_files.archive([good, bad], "en"))))
    assert packed.namelist() == ["bon n° 1.pdf", "missing documents.txt"]
    assert packed.read("bon n° 1.pdf") == b"%PDF-1.4 hello"
    assert packed.read("missing documents.txt").decode().startswith("form.pdf: What Covage sent isn't a PDF")


def test_an_archive_without_trouble_holds_the_documents_alone(sandbox: SandboxProcess) -> None:
    document = _listed(_order(sandbox), sandbox, "form.pdf", text="%PDF-1.4 hello")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(documents_files.archive([document], "en"))))
    assert packed.namelist() == ["form.pdf"]


def test_only_types_with_a_sure_meaning_have_a_label() -> None:
    assert documents_files.type_label("BDC") == "Order form (BDC)"
    assert documents_files.type_label("CRVT") == "CRVT"
    assert documents_files.type_label("") == "Other documents"


def test_a_document_that_is_not_listed_is_not_found(sandbox: SandboxProcess) -> None:
    store.ingest_page([listed(1)], NOON)
    with pytest.raises(Http404):
        documents_files.document_named(Order.objects.get(), "form.pdf")
