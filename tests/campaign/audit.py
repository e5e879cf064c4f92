"""The accounts settled: what people meant against what the vendor did and what the portal's rows say."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from drafts.merge import Flat, flatten, same
from outbox.apis import COVAGE
from outbox.handlers import of_api
from outbox.models import Operation
from sessions_app.models import Cart, Line
from tests.campaign.orders import CartStory, LineStory
from tests.sandbox_process import SandboxProcess


class Books:
    """What the vendor counted and holds."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.counters = sandbox.counters()
        self.sessions: dict[str, dict[str, Any]] = {
            session["id"]: session for session in sandbox.state()["sessions"]
        }

    def created(self, what: str, references: Iterable[str]) -> int:
        return sum(self.counters[f"{what}_created"].get(reference, 0) for reference in references)


def wrongs(stories: list[CartStory], sandbox: SandboxProcess) -> list[str]:
    """Everything that is not as it was meant, in words; nothing when every act took effect exactly once."""
    books = Books(sandbox)
    told = [*_refused(), *_strangers(stories, books)]
    for story in stories:
        told += [f"cart {story.number} ({story.fate}): {wrong}" for wrong in _cart(story, books)]
    return told


def _refused() -> Iterator[str]:
    """Nobody but us works on these carts and all that is sent is right, so nothing may ever be refused."""
    for operation in Operation.objects.filter(of_api(COVAGE), state=Operation.State.REFUSED):
        yield f"{operation} was refused: {operation.failure} {operation.detail} {operation.errors}"


def _strangers(stories: list[CartStory], books: Books) -> Iterator[str]:
    ids = {story.id for story in stories}
    for cart in Cart.objects.exclude(pk__in=ids):
        yield f"a cart that nobody made: {cart}"
    upstream = set(Cart.objects.filter(pk__in=ids, deleted_at=None).values_list("upstream_id", flat=True))
    for session_id in books.sessions.keys() - upstream:
        yield f"a session that belongs to no cart: {books.sessions[session_id]['external_id']}"


def _cart(story: CartStory, books: Books) -> Iterator[str]:
    cart = Cart.objects.get(pk=story.id)
    references = {reference or cart.external_id for reference in story.references}
    created = books.created("sessions", references)
    if story.fate == "deleted":
        if created > 1 or cart.upstream_id in books.sessions:
            yield f"created {created} times and there still is {cart.upstream_id}"
        return
    session = books.sessions.get(str(cart.upstream_id))
    if created != 1 or session is None:
        yield f"created {created} times, at the vendor's as {cart.upstream_id}"
        return
    confirmations = books.counters["confirmations"].get(session["id"], 0)
    if confirmations != (story.fate == "confirmed"):
        yield f"confirmed {confirmations} times"
    if {cart.state == "created", session["state"] == "created"} != {story.fate == "draft"}:
        yield f"{session['state']}, here {cart.state}"
    meant = {"project_id": story.project, "external_id": story.reference or cart.external_id}
    yield from _differences(meant, cart, session)
    yield from _lines(story, cart, session, books)


def _lines(story: CartStory, cart: Cart, session: dict[str, Any], books: Books) -> Iterator[str]:
    upstream = {line["id"]: line for line in session["lines"]}
    kept = {line.id for line in story.lines if not line.is_deleted}
    here = {str(line.pk): line for line in cart.lines.filter(deleted_at=None)}
    if here.keys() != kept:
        yield f"lines {sorted(here)}, not {sorted(kept)}"
    if {line.upstream_id for line in here.values()} != upstream.keys():
        yield "other lines here than at the vendor's"
    for line in story.lines:
        row = Line.objects.get(pk=line.id)
        for wrong in _line(line, row, upstream.get(str(row.upstream_id)), books):
            yield f"line {row}: {wrong}"


def _line(story: LineStory, line: Line, upstream: dict[str, Any] | None, books: Books) -> Iterator[str]:
    references = {reference for reference in (*story.references, line.external_id) if reference}
    created = books.created("lines", references)
    if story.is_deleted:
        if created > 1 or upstream:
            yield f"created {created} times and deleted, there is {upstream}"
        return
    if created != 1 or upstream is None:
        yield f"created {created} times, {upstream}"
        return
    meant = {path: typed.value for path, typed in story.texts.items()}
    meant["external_id"] = meant["external_id"] or line.external_id
    yield from _differences(meant, line, upstream["fields"])


def _differences(meant: Flat, row: Cart | Line, document: dict[str, Any]) -> Iterator[str]:
    """Where what was typed is not what stands in the row, on either of its sides, or at the vendor's."""
    held = {"draft": row.flat_draft, "upstream": row.flat_upstream, "at the vendor's": flatten(document)}
    for path, value in meant.items():
        for where, flat in held.items():
            if not same(flat.get(path), value):
                yield f"{path} {where}: {flat.get(path)!r}, typed {value!r}"
    if row.conflicts or row.typed or row.refusals:
        yield f"conflicts {row.conflicts}, no values {row.typed}, refusals {row.refusals}"


def acts(stories: list[CartStory]) -> Counter[str]:
    """How many of each act the people did, every one of which has to take effect once."""
    lines = [line for story in stories for line in story.lines]
    return Counter(
        {
            "carts": len(stories),
            "lines": len(lines),
            "confirmations": sum(story.fate == "confirmed" for story in stories),
            "deletions": sum(story.fate == "deleted" for story in stories)
            + sum(line.is_deleted for line in lines),
        }
    )
