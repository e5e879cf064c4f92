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
Answer = TypeVar("Answer", bound=HttpResponseBase)

# What leaves here came from elsewhere: whatever it holds, nothing of it may run.
NOTHING_RUNS = {"default-src": [NONE], "sandbox": True}
# The frame may show what its page holds, by our own scripts; it is nobody's origin, and speaks to nobody.
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
# A larger one is not put into a page: it is for the reader's own programs.
LARGEST_SHOWN = 25 * 1024 * 1024


def _under(policy: dict[str, Any]) -> Callable[[Callable[P, Answer]], Callable[P, Answer]]:
    """django-csp's decorator, whose types know no function that takes more than a request."""
    return cast("Callable[[Callable[P, Answer]], Callable[P, Answer]]", csp(policy))


@requires(SALES, BACK_OFFICE)
@require_GET
@cache_control(private=True, no_cache=True)
def document(request: AuthenticatedHttpRequest, reference: str, filename: str) -> HttpResponseBase:
    """The file itself. A PDF opens in the browser unless `download` is asked for; all else is only ever saved."""
    paper = files.paper_named(known_order(reference), filename)
    try:
        kept = files.have(paper)
    except files.NotToBeHad as trouble:
        return _trouble_page(request, paper, trouble)
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
    # Browsers open no sandboxed page that asks to be alone among windows, which is what all others here ask.
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def _trouble_page(
    request: AuthenticatedHttpRequest, paper: Document, trouble: files.NotToBeHad
) -> HttpResponse:
    context = {"order": paper.order, "paper": paper, "sentence": trouble.sentence}
    return render(request, "tracking/documents/trouble.html", context, status=trouble.status)


@requires(SALES, BACK_OFFICE)
@require_GET
@_under(ONLY_SHOWN)
@xframe_options_sameorigin
@cache_control(private=True, no_cache=True)
def frame(request: AuthenticatedHttpRequest, reference: str, filename: str) -> HttpResponse:
    """The page in the sandboxed frame: a PDF with what draws it, or the sentence that says why it can't be seen."""
    paper = files.paper_named(known_order(reference), filename)
    context: dict[str, Any] = {"paper": paper}
    try:
        kept = files.have(paper)
    except files.NotToBeHad as trouble:
        return render(
            request,
            "tracking/documents/document.html",
            context | {"sentence": trouble.sentence},
            status=trouble.status,
        )
    if kept.content_type != files.PDF:
        context["sentence"] = _("Only PDFs are shown here. Download this document to see it.")
    elif (kept.size or 0) > LARGEST_SHOWN:
        context["sentence"] = _("This document is too large to be shown here. Download it to see it.")
    else:
        with kept.content.open("rb") as file:
            context["content"] = b64encode(file.read()).decode("ascii")
    return render(request, "tracking/documents/document.html", context)


@requires(SALES, BACK_OFFICE)
@require_GET
def archive(request: AuthenticatedHttpRequest, reference: str) -> HttpResponseBase:
    """All documents of an order as one ZIP file, sent while they are fetched."""
    order = known_order(reference)
    wanted = [paper for paper in order.papers.order_by("kind", "filename") if files.may_be_had(paper)]
    if not wanted:
        return redirect(order)
    for paper in wanted:
        paper.order = order
    response = StreamingHttpResponse(
        files.archive(wanted, get_language() or ""), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{order.reference}.zip")
    return response
