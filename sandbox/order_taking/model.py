"""Sessions and lines, and the store that holds them."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Self

from sandbox.clock import PARIS, parsed, shown

DRAFT_LIFE = timedelta(days=90)
FIRST_STATE = "created"
_ACCEPTED = 2  # the place in a line's history after its creation and its confirmation
_MOMENTS = ("creation_date", "order_date", "completion_date", "cancellation_date")


def _stored(record: Any) -> dict[str, Any]:
    """A dataclass record as JSON values, its moments as ISO text."""
    values = {field_.name: getattr(record, field_.name) for field_ in fields(record)}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def _restored(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value else value
        for name, value in document.items()
    }


@dataclass
class Session:
    """An order session (a cart) with the ids of its lines in the order of their creation."""

    id: str
    external_id: str
    project_id: str
    creation_date: datetime
    order_date: datetime | None = None
    completion_date: datetime | None = None
    cancellation_date: datetime | None = None
    state: str = FIRST_STATE
    line_ids: list[str] = field(default_factory=list)

    @property
    def is_draft(self) -> bool:
        return self.state == FIRST_STATE


@dataclass
class Line:
    """An order line; `fields` holds what the customer sent, under the `current` edition's names."""

    id: str
    session_id: str
    fields: dict[str, Any]
    creation_date: datetime
    order_reference: str
    created_by: str = ""
    order_date: datetime | None = None
    completion_date: datetime | None = None
    cancellation_date: datetime | None = None
    cancellation_reason: str = ""
    building_ref: str = ""
    state: str = FIRST_STATE
    state_change: list[dict[str, str | None]] = field(default_factory=list)
    termination_error: list[dict[str, str]] = field(default_factory=list)
    steps_done: int = 0

    @property
    def expiration_date(self) -> datetime:
        return self.creation_date + DRAFT_LIFE

    @property
    def accepted_at(self) -> datetime | None:
        """When the line became an order to be produced; None while it isn't one, or was rejected."""
        if not self.steps_done or self.termination_error:
            return None
        return parsed(str(self.state_change[_ACCEPTED]["change_date"]))

    def enter(self, state: str, moment: datetime) -> None:
        """Enter a state and note it in the history."""
        self.state = state
        self.state_change = [
            *self.state_change,
            {"change_reason": "", "change_date": shown(moment), "state": state},
        ]


class Store:
    """Every session and line. Not safe across threads by itself: its owner holds a lock."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.lines: dict[str, Line] = {}
        self.moving: set[str] = set()  # ids of confirmed sessions that still have steps ahead
        self.next_number = 0

    def clear(self) -> None:
        """Forget all sessions and lines; the numbers of references go on, so that none comes twice."""
        self.sessions.clear()
        self.lines.clear()
        self.moving.clear()

    def add_session(self, external_id: str, project_id: str, now: datetime) -> Session:
        session = Session(str(uuid.uuid4()), external_id, project_id, creation_date=now)
        self.sessions[session.id] = session
        return session

    def remove_session(self, session: Session) -> None:
        for line_id in session.line_ids:
            del self.lines[line_id]
        del self.sessions[session.id]

    def add_line(self, session: Session, values: dict[str, Any], now: datetime, created_by: str = "") -> Line:
        line = Line(str(uuid.uuid4()), session.id, values, now, self._reference(now), created_by)
        line.enter(FIRST_STATE, now)
        self.lines[line.id] = line
        session.line_ids.append(line.id)
        return line

    def remove_line(self, line: Line) -> None:
        del self.lines[line.id]
        self.sessions[line.session_id].line_ids.remove(line.id)

    def lines_of(self, session: Session) -> list[Line]:
        return [self.lines[line_id] for line_id in session.line_ids]

    def _reference(self, now: datetime) -> str:
        here = now.astimezone(PARIS)
        if not self.next_number:
            # A fresh process starts from the time of day, so that a restart without a state file
            # does not hand out this morning's references again.
            self.next_number = 1 + (here.hour * 3600 + here.minute * 60 + here.second) * 10
        number, self.next_number = self.next_number, self.next_number + 1
        return f"PO_DC173_{here:%Y%m%d}_{number % 1_000_000:06d}"

    def as_document(self) -> dict[str, Any]:
        """Return the whole store as JSON values: `{next_number, sessions: [{…, lines: [{…}]}]}`."""
        return {"next_number": self.next_number, "sessions": list(self._session_documents())}

    def _session_documents(self) -> Iterator[dict[str, Any]]:
        for session in self.sessions.values():
            document = _stored(session)
            del document["line_ids"]
            yield document | {"lines": [_stored(line) for line in self.lines_of(session)]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the store that `as_document` wrote. Sessions in progress go on where they were."""
        store = cls()
        store.next_number = document["next_number"]
        for stored in document["sessions"]:
            lines = [Line(**_restored(line)) for line in stored["lines"]]
            rest = {name: value for name, value in stored.items() if name != "lines"}
            session = Session(**_restored(rest), line_ids=[line.id for line in lines])
            store.sessions[session.id] = session
            store.lines |= {line.id: line for line in lines}
            if session.order_date:
                store.moving.add(session.id)
        return store
