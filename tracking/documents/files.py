"""Documents of orders: fetched from the vendor when somebody first opens one, checked, and kept from then on.

Only names in the vendor's listing are requested, and none of them reaches the file system: files are kept under
names of our own. The content decides what type a document is, and a name that says otherwise is refused.
"""

import logging
import tempfile
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from typing import IO

import zipstream
from django.core.files import File
from django.http import Http404
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from covage import BadAnswer, CovageError, Forbidden, NotFound
from outbox import clients, health
from tracking.models import Document, Order
from web.words import in_words

logger = logging.getLogger(__name__)

PDF = "application/pdf"
UNKNOWN = "application/octet-stream"
CHUNK_BYTES = 64 * 1024
HEAD_BYTES = 8
# By ending: the content type, and what such files begin with. Plain text begins with anything.
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": (PDF, (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "tiff": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "zip": ("application/zip", (b"PK\x03\x04", b"PK\x05\x06")),
    "docx": (UNKNOWN, (b"PK\x03\x04",)),
    "xlsx": (UNKNOWN, (b"PK\x03\x04",)),
    "odt": (UNKNOWN, (b"PK\x03\x04",)),
    "ods": (UNKNOWN, (b"PK\x03\x04",)),
    "doc": (UNKNOWN, (b"\xd0\xcf\x11\xe0",)),
    "xls": (UNKNOWN, (b"\xd0\xcf\x11\xe0",)),
    "msg": (UNKNOWN, (b"\xd0\xcf\x11\xe0",)),
    "csv": ("text/csv", ()),
    "txt": ("text/plain", ()),
}

# Types of documents: only those that the glossary is sure of have a label.
TYPES: dict[str, Promise] = {"BDC": gettext_lazy("Order form (BDC)")}

NO_FILE_NAME = gettext_noop(
    "Its name at Covage isn't a valid file name, so Carnet doesn't request it. Tell Covage."
)
NOT_LISTED = gettext_noop("Covage no longer lists this document, and it hadn't been fetched before.")
MISSING = gettext_noop("Covage lists this document but doesn't have it. Try again later, or ask them for it.")
NOT_ALLOWED = gettext_noop(
    "Covage doesn't allow the portal's account to fetch this document. An administrator must ask them."
)
NOT_WHOLE = gettext_noop("The document didn't arrive in full, so it wasn't kept. Try again in a moment.")
UNAVAILABLE = gettext_noop(
    "Covage couldn't deliver this document, and it hadn't been fetched before. Try again when they respond."
)
NOT_A_PDF = gettext_noop(
    "What Covage sent isn't a PDF, although its name says so. It's neither kept nor shown. Try again later,"
    " or tell Covage."
)
WRONG_TYPE = gettext_noop(
    "What Covage sent isn't the type of file its name says. It's neither kept nor shown. Try again later, "
    "or tell Covage."
)
_BY_ERROR: dict[type[CovageError], str] = {
    NotFound: MISSING,
    Forbidden: NOT_ALLOWED,
    BadAnswer: NOT_WHOLE,
}
_STATUS = {
    MISSING: HTTPStatus.NOT_FOUND,
    NOT_LISTED: HTTPStatus.NOT_FOUND,
    NO_FILE_NAME: HTTPStatus.NOT_FOUND,
    UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}


class DocumentUnavailable(Exception):
    """A document can't be shown now. `sentence` says why and what to do, `status` is the page's HTTP status."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return _(self.reason)

    @property
    def status(self) -> int:
        return _STATUS.get(self.reason, HTTPStatus.BAD_GATEWAY)


def type_label(kind: str) -> str:
    """A type of documents in the reader's language; an unknown one as plain words."""
    return str(TYPES.get(kind) or in_words(kind)) or _("Other documents")


def is_file_name(name: str) -> bool:
    """Whether a name is a plain file name: printable, and without any path (docs/vendor-readings.md, 38)."""
    return name.isprintable() and not set(name) & set("/\\") and ".." not in name and name != "."


def document_named(order: Order, filename: str) -> Document:
    """A document that the vendor lists for an order, or once listed. Raises Http404 for any other."""
    document = (
        Document.objects.filter(order=order, filename=filename).first() if is_file_name(filename) else None
    )
    if document is None:
        raise Http404(_("This order has no document with this name."))
    return document


def content_type_of(filename: str, head: bytes) -> str:
    """The content type by a document's first bytes. Raises DocumentUnavailable when its name says something else."""
    ending = filename.rpartition(".")[2].lower()
    if ending not in KINDS:
        return PDF if head.startswith(b"%PDF-") else UNKNOWN
    content_type, beginnings = KINDS[ending]
    if beginnings and not head.startswith(beginnings):
        raise DocumentUnavailable(NOT_A_PDF if content_type == PDF else WRONG_TYPE)
    return content_type


def is_kept(document: Document) -> bool:
    """Whether the content is stored here."""
    name = document.content.name
    return name is not None and name != "" and document.content.storage.exists(name)


def is_available(document: Document) -> bool:
    """Whether it is kept, or can be requested: listed under a plain file name."""
    return is_file_name(document.filename) and (document.gone_at is None or bool(document.content))


def ensure_fetched(document: Document) -> Document:
    """Return the document with its content, fetched now unless it is kept.

    Raises DocumentUnavailable, and notes the reason on the row.
    """
    if is_kept(document):
        return document
    try:
        _fetch(document)
    except DocumentUnavailable as error:
        _note(document, error.reason)
        raise
    return document


def _fetch(document: Document) -> None:
    if not is_file_name(document.filename):
        raise DocumentUnavailable(NO_FILE_NAME)
    if document.gone_at:
        raise DocumentUnavailable(NOT_LISTED)
    if not health.is_worth_trying():
        raise DocumentUnavailable(UNAVAILABLE)
    with tempfile.TemporaryFile() as file:
        size = _download(document, file)
        file.seek(0)
        content_type = content_type_of(document.filename, file.read(HEAD_BYTES))
        _keep(document, file, content_type, size)


def _download(document: Document, file: IO[bytes]) -> int:
    client = clients.interactive_client()
    try:
        with client.download_document(document.order.reference, document.filename) as download:
            return sum(file.write(chunk) for chunk in download.chunks(CHUNK_BYTES))
    except CovageError as error:
        logger.info("Document %s of order %s could not be fetched: %s", document.pk, document.order_id, error)
        raise DocumentUnavailable(_BY_ERROR.get(type(error), UNAVAILABLE)) from error


def _keep(document: Document, file: IO[bytes], content_type: str, size: int) -> None:
    """Store the content. When two people fetch the same document at once, the later copy is kept."""
    before = Document.objects.filter(pk=document.pk).values_list("content", flat=True).first()
    document.content.save(uuid.uuid4().hex, File(file), save=False)
    document.content_type, document.size = content_type, size
    document.fetched_at, document.trouble = timezone.now(), ""
    document.save(update_fields=["content", "content_type", "size", "fetched_at", "trouble"])
    if before and before != document.content.name:
        document.content.storage.delete(before)


def _note(document: Document, reason: str) -> None:
    document.trouble = reason
    Document.objects.filter(pk=document.pk).update(trouble=reason)


def archive(documents: list[Document], language: str) -> Iterator[bytes]:
    """A ZIP file of some documents, chunk by chunk; each is fetched when its turn comes.

    Those that are unavailable are named in a text file beside the others, with the reason, in the reader's language.
    """
    zipped = zipstream.ZipStream()
    missing: list[str] = []
    for document in documents:
        try:
            kept = ensure_fetched(document)
        except DocumentUnavailable as error:
            with translation.override(language):
                missing.append(f"{document.filename}: {error.sentence}")
            continue
        zipped.add(_chunks(kept), kept.filename)
        yield from zipped.file()
    if missing:
        with translation.override(language):
            zipped.add("\n".join(missing), _("missing documents.txt"))
    yield from zipped.finalize()


def _chunks(document: Document) -> Iterator[bytes]:
    with document.content.open("rb") as file:
        yield from file.chunks(CHUNK_BYTES)
