"""Documents of orders: fetched from the vendor when somebody asks for one, checked, and kept from then on.

Only names that the vendor's listing holds are asked for, and none of them reaches the file system: what is kept
stands under names of our own. The content decides what a document is, and a name that says otherwise is refused.
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
PIECE = 64 * 1024
HEAD = 8
# What files of a kind begin with. A kind without any is plain text, which begins with anything.
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

# Types of documents: only what the glossary is sure of has a name of its own.
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
NOT_TO_BE_HAD = gettext_noop(
    "Covage couldn't deliver this document, and it hadn't been fetched before. Try again when they respond."
)
NO_PDF = gettext_noop(
    "What Covage sent isn't a PDF, although its name says so. It's neither kept nor shown. Try again later,"
    " or tell Covage."
)
LYING = gettext_noop(
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
    NOT_TO_BE_HAD: HTTPStatus.SERVICE_UNAVAILABLE,
}


class NotToBeHad(Exception):
    """A document can't be shown now. `sentence` says why and what to do, `status` is the page's."""

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
    """A type of documents in the reader's words; one that nobody knows as words."""
    return str(TYPES.get(kind) or in_words(kind)) or _("Other documents")


def is_file_name(name: str) -> bool:
    """Whether a name is a file's: printable, and no way to somewhere else (docs/vendor-readings.md, 38)."""
    return name.isprintable() and not set(name) & set("/\\") and ".." not in name and name != "."


def paper_named(order: Order, filename: str) -> Document:
    """A document that the vendor's listing of an order names, or once named. Raises Http404 for any other."""
    paper = (
        Document.objects.filter(order=order, filename=filename).first() if is_file_name(filename) else None
    )
    if paper is None:
        raise Http404(_("This order has no document with this name."))
    return paper


def content_type_of(filename: str, head: bytes) -> str:
    """What a document is by its first bytes. Raises NotToBeHad when its name says something else."""
    ending = filename.rpartition(".")[2].lower()
    if ending not in KINDS:
        return PDF if head.startswith(b"%PDF-") else UNKNOWN
    content_type, beginnings = KINDS[ending]
    if beginnings and not head.startswith(beginnings):
        raise NotToBeHad(NO_PDF if content_type == PDF else LYING)
    return content_type


def is_kept(paper: Document) -> bool:
    """Whether the content is here, so that the vendor need not be asked."""
    name = paper.content.name
    return name is not None and name != "" and paper.content.storage.exists(name)


def may_be_had(paper: Document) -> bool:
    """Whether it is worth asking for: kept, or listed under a file's name."""
    return is_file_name(paper.filename) and (paper.gone_at is None or bool(paper.content))


def have(paper: Document) -> Document:
    """The document with its content, fetched now unless it is kept. Raises NotToBeHad, and notes why on the row."""
    if is_kept(paper):
        return paper
    try:
        _fetch(paper)
    except NotToBeHad as trouble:
        _note(paper, trouble.reason)
        raise
    return paper


def _fetch(paper: Document) -> None:
    if not is_file_name(paper.filename):
        raise NotToBeHad(NO_FILE_NAME)
    if paper.gone_at:
        raise NotToBeHad(NOT_LISTED)
    if not health.is_worth_trying():
        raise NotToBeHad(NOT_TO_BE_HAD)
    with tempfile.TemporaryFile() as file:
        size = _download(paper, file)
        file.seek(0)
        content_type = content_type_of(paper.filename, file.read(HEAD))
        _keep(paper, file, content_type, size)


def _download(paper: Document, file: IO[bytes]) -> int:
    client = clients.interactive_client()
    try:
        with client.download_document(paper.order.reference, paper.filename) as download:
            return sum(file.write(piece) for piece in download.chunks(PIECE))
    except CovageError as error:
        logger.info("Document %s of order %s could not be fetched: %s", paper.pk, paper.order_id, error)
        raise NotToBeHad(_BY_ERROR.get(type(error), NOT_TO_BE_HAD)) from error


def _keep(paper: Document, file: IO[bytes], content_type: str, size: int) -> None:
    """Store the content. Of two who fetch the same document at once, the later one's copy is kept."""
    before = Document.objects.filter(pk=paper.pk).values_list("content", flat=True).first()
    paper.content.save(uuid.uuid4().hex, File(file), save=False)
    paper.content_type, paper.size = content_type, size
    paper.fetched_at, paper.trouble = timezone.now(), ""
    paper.save(update_fields=["content", "content_type", "size", "fetched_at", "trouble"])
    if before and before != paper.content.name:
        paper.content.storage.delete(before)


def _note(paper: Document, reason: str) -> None:
    paper.trouble = reason
    Document.objects.filter(pk=paper.pk).update(trouble=reason)


def archive(papers: list[Document], language: str) -> Iterator[bytes]:
    """A ZIP file of some documents, piece by piece; each is fetched when its turn comes.

    What can't be had is named in a text beside the others, with the reason, in the reader's language.
    """
    zipped = zipstream.ZipStream()
    missing: list[str] = []
    for paper in papers:
        try:
            kept = have(paper)
        except NotToBeHad as trouble:
            with translation.override(language):
                missing.append(f"{paper.filename}: {trouble.sentence}")
            continue
        zipped.add(_pieces(kept), kept.filename)
        yield from zipped.file()
    if missing:
        with translation.override(language):
            zipped.add("\n".join(missing), _("missing documents.txt"))
    yield from zipped.finalize()


def _pieces(paper: Document) -> Iterator[bytes]:
    with paper.content.open("rb") as file:
        yield from file.chunks(PIECE)
