"""The documents of an order: one as a file, one in a frame, all in one archive."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from csp.constants import NONE, SELF, WASM_UNSAFE_EVAL
from csp.decorators import csp
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from tracking.access import known_order
from tracking.documents import files
from tracking.models import Document

P = ParamSpec("P")
Response = TypeVar("Response", bound=HttpResponseBase)

# The files come from outside: nothing in them may run.
NOTHING_RUNS = {"default-src": [NONE], "sandbox": True}
# The frame may show its page's content, by our own scripts; it has no origin, and can reach no other.
ONLY_SHOWN = {
    "default-src": [NONE],
    "sandbox": ["allow-scripts"],
    "script-src": [SELF, WASM_UNSAFE_EVAL],
    "connect-src": [SELF],
    "style-src": [SELF],
    "img-src": ["data:", "blob:"],
    "font-src": ["data:", "blob:"],
    "frame-ancestors": [SELF],
}
# A larger one is not embedded in a page: people open it in a program of their own.
LARGEST_SHOWN_BYTES = 25 * 1024 * 1024


def _under(policy: dict[str, Any]) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """django-csp's decorator, whose types only allow functions of a request alone."""
    return cast("Callable[[Callable[P, Response]], Callable[P, Response]]", csp(policy))


@requires(SALES, BACK_OFFICE)
@require_GET
@cache_control(private=True, no_cache=True)
def document(request: AuthenticatedHttpRequest, reference: str, filename: str) -> HttpResponseBase:
    """The file itself. A PDF opens in the browser unless `download` is requested; any other type is only saved."""
    document = files.document_named(known_order(reference), filename)
    try:
        kept = files.ensure_fetched(document)
    except files.DocumentUnavailable as error:
        return _unavailable_page(request, document, error)
    return _file(kept, as_attachment="download" in request.GET)


@_under(NOTHING_RUNS)
def _file(kept: Document, *, as_attachment: bool) -> FileResponse:
    is_pdf = kept.content_type == files.PDF
    response = FileResponse(
        kept.content.open("rb"),
        as_attachment=as_attachment or not is_pdf,
        filename=kept.filename,
        content_type=kept.content_type or files.UNKNOWN,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Browsers don't open a sandboxed page with the opener policy that all other pages here have.
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def _unavailable_page(
    request: AuthenticatedHttpRequest, document: Document, error: files.DocumentUnavailable
) -> HttpResponse:
    context = {"order": document.order, "document": document, "sentence": error.sentence}
    return render(request, "tracking/documents/unavailable.html", context, status=error.status)


@requires(SALES, BACK_OFFICE)
@require_GET
@_under(ONLY_SHOWN)
@xframe_options_sameorigin
@cache_control(private=True, no_cache=True)
def frame(request: AuthenticatedHttpRequest, reference: str, filename: str) -> HttpResponse:
    """The page in the sandboxed frame: a PDF with the scripts that draw it, or why it can't be seen."""
    document = files.document_named(known_order(reference), filename)
    context: dict[str, Any] = {"document": document}
    try:
        kept = files.ensure_fetched(document)
    except files.DocumentUnavailable as error:
        return render(
            request,
            "tracking/documents/document.html",
            context | {"sentence": error.sentence},
            status=error.status,
        )
    if kept.content_type != files.PDF:
        context["sentence"] = _("Only PDFs are shown here. Download this document to see it.")
    elif (kept.size or 0) > LARGEST_SHOWN_BYTES:
        context["sentence"] = _("This document is too large to be shown here. Download it to see it.")
    else:
        with kept.content.open("rb") as file:
            context["content"] = b64encode(file.read()).decode("ascii")
    return render(request, "tracking/documents/document.html", context)


@requires(SALES, BACK_OFFICE)
@require_GET
def archive(request: AuthenticatedHttpRequest, reference: str) -> HttpResponseBase:
    """All available documents of an order as one ZIP file, sent while they are fetched."""
    order = known_order(reference)
    wanted = [
        document for document in order.documents.order_by("kind", "filename") if files.is_available(document)
    ]
    if not wanted:
        return redirect(order)
    for document in wanted:
        document.order = order
    response = StreamingHttpResponse(
        files.archive(wanted, get_language() or ""), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{order.reference}.zip")
    return response
