"""What is owed to the vendor and what was refused: who sees which operation, and how each one reads."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES
from catalogue.badge import Badge
from mirror.kinds import of_configured_apis
from mirror.models import Operation
from sessions_app.fields import LINE
from sessions_app.models import Cart, Line
from sessions_app.writes import CONFIRM_CART, DELETE_CART, DELETE_LINE, SAVE_CART, SAVE_LINE
from tracking.forms import LABELS as REQUEST_LABELS
from tracking.models import Order
from tracking.reckoning import day_of
from tracking.requests import MAKE_REQUEST, action_of

if TYPE_CHECKING:
    from accounts.models import User
    from mirror.models import OperationQuerySet

State = Operation.State
LATELY = timedelta(days=7)
KINDS = {
    SAVE_CART: gettext_lazy("create or change the cart"),
    DELETE_CART: gettext_lazy("delete the cart"),
    CONFIRM_CART: gettext_lazy("confirm the cart"),
    SAVE_LINE: gettext_lazy("create or change an order line"),
    DELETE_LINE: gettext_lazy("delete an order line"),
}
_TONES: dict[str, str] = {
    State.SENDING: "info",
    State.UNKNOWN: "warning",
    State.SUCCEEDED: "good",
    State.REFUSED: "bad",
}


@dataclass(frozen=True)
class Row:
    """An operation as people read it; `url` is empty when what it is about is not there any more.

    `about` tells what is asked for; `mend_url` is where a refused one is mended.
    """

    operation: Operation
    what: str
    about: str
    url: str
    mend_url: str
    badge: Badge
    next_try: datetime | None
    is_in_turn: bool
    said: list[str]
    may_send: bool
    may_withdraw: bool
    may_dismiss: bool


@dataclass(frozen=True)
class Group:
    """A cart or an order with its operations on a page, in the order in which they are sent."""

    label: str
    url: str
    rows: list[Row]


def visible_to(user: "User") -> "OperationQuerySet":
    """Those of the carts that a person sees, deleted carts' too, and of their own orders; all for the back office.

    None of those that are sent to an API that is not configured.
    """
    operations = Operation.objects.filter(of_configured_apis())
    if user.has_role(BACK_OFFICE):
        return operations
    # Asked of each operation, for there are few that ask for attention and many carts and orders.
    carts = Cart.objects.visible_to(user).filter(pk=OuterRef("subject_id"))
    orders = Order.objects.of(user).filter(uuid=OuterRef("subject_id"))
    return operations.filter(Exists(carts) | Exists(orders))


def may_act(user: "User", operation: Operation) -> bool:
    """Whether someone may send, withdraw or put aside an operation that they see."""
    if operation.kind == MAKE_REQUEST:
        return user.has_role(BACK_OFFICE)
    return user.has_role(SALES) and Cart.objects.editable_by(user).filter(pk=operation.subject_id).exists()


def count(request: Request) -> int:
    """How many operations ask for the attention of whoever is signed in."""
    return visible_to(request.user).troubled().count()


def done_lately(operations: "OperationQuerySet") -> "OperationQuerySet":
    """What was sent, withdrawn or put aside within the last week."""
    # Said by what they are not: that leads no database to gather every operation that ever succeeded.
    ended = operations.exclude(state__in=Operation.UNFINISHED).exclude(state=State.REFUSED, dismissed=False)
    return ended.filter(finished_at__gte=timezone.now() - LATELY)


def badge_of(operation: Operation) -> Badge:
    if operation.state == State.REFUSED and operation.dismissed:
        return Badge(gettext("refused, put aside"), "")
    return Badge(operation.get_state_display(), _TONES.get(operation.state, ""))


def what_of(operation: Operation) -> str:
    """What is to be done, in words; a kind that nobody named is shown as it is called."""
    if operation.kind == MAKE_REQUEST:
        return str(action_of(operation).verb)
    return str(KINDS.get(operation.kind, operation.kind))


def about_of(operation: Operation) -> str:
    """What a request asks for: its reason, day and comment; blank for anything else."""
    if operation.kind != MAKE_REQUEST:
        return ""
    document = operation.payload["document"]
    day = day_of(document["request_effective_date"])
    told = (document["reason"], date_format(day, "SHORT_DATE_FORMAT") if day else "", document["message"])
    return " · ".join(text for text in told if text)


def groups_of(operations: list[Operation], user: "User") -> list[Group]:
    """A page of operations by cart or order, the one with the newest first. Four queries for any page."""
    subjects = {operation.subject_id for operation in operations}
    carts = {cart.pk: cart for cart in Cart.objects.filter(pk__in=subjects).only(*_CART_COLUMNS)}
    orders = {
        order.uuid: order
        for order in Order.objects.filter(uuid__in=subjects - carts.keys()).only(*_ORDER_COLUMNS)
    }
    editable = set(Cart.objects.editable_by(user).filter(pk__in=subjects).values_list("pk", flat=True))
    if user.has_role(BACK_OFFICE):
        editable |= orders.keys()
    lines = Line.objects.live().filter(cart__deleted_at=None, pk__in={o.target_id for o in operations})
    present = {cart.pk for cart in carts.values() if not cart.deleted_at} | orders.keys()
    present |= set(lines.values_list("pk", flat=True))
    return [
        _group(
            carts.get(subject) or orders.get(subject),
            _in_order(operations, subject),
            present,
            subject in editable,
        )
        for subject in dict.fromkeys(operation.subject_id for operation in operations)
    ]


_CART_COLUMNS = ("external_id", "upstream_id", "deleted_at")
_ORDER_COLUMNS = ("uuid", "reference", "end_customer_name", "city")


def _in_order(operations: list[Operation], subject: uuid.UUID) -> list[Operation]:
    return sorted((o for o in operations if o.subject_id == subject), key=lambda o: o.pk)


def _group(
    subject: Cart | Order | None, operations: list[Operation], present: set[uuid.UUID], is_editable: bool
) -> Group:
    first_owed = next((o.pk for o in operations if not o.is_finished), None)
    rows = [
        _row(
            operation,
            url=operation.url if operation.target_id in present else "",
            is_in_turn=operation.pk == first_owed,
            is_editable=is_editable,
        )
        for operation in operations
    ]
    is_present = operations[0].subject_id in present
    return Group(
        _name_of(subject) or operations[0].label,
        subject.get_absolute_url() if subject and is_present else "",
        rows,
    )


def _name_of(subject: Cart | Order | None) -> str:
    if isinstance(subject, Order):
        named = (subject.reference, subject.end_customer_name, subject.city)
        return " · ".join(text for text in named if text)
    return str(subject) if subject else ""


def _row(operation: Operation, *, url: str, is_in_turn: bool, is_editable: bool) -> Row:
    waits = operation.state in (State.WAITING, State.UNKNOWN)
    return Row(
        operation=operation,
        what=what_of(operation),
        about=about_of(operation),
        url=url,
        mend_url=_mend_url(operation) if url else "",
        badge=badge_of(operation),
        next_try=operation.due_at if waits and operation.due_at > timezone.now() else None,
        is_in_turn=is_in_turn,
        said=list(_said(operation)),
        may_send=is_editable and waits,
        may_withdraw=is_editable and operation.was_never_sent,
        may_dismiss=is_editable and operation.state == State.REFUSED and not operation.dismissed,
    )


def _mend_url(operation: Operation) -> str:
    if operation.kind != MAKE_REQUEST:
        return operation.url
    return reverse("tracking:request", args=[operation.payload["reference"], operation.payload["action"]])


def _said(operation: Operation) -> Iterable[str]:
    """The vendor's own words: each error with the field that it names, else what the failure told."""
    for error in operation.errors:
        words = error.get("message") or error.get("code") or ""
        if error.get("value"):
            words = f"{words} ({error['value']})"
        if error.get("path"):
            words = gettext("%(label)s: %(words)s") % {"label": _label_of(error["path"]), "words": words}
        yield words
    if not operation.errors and operation.detail:
        yield operation.detail


def _label_of(path: str) -> str:
    return str(REQUEST_LABELS.get(path) or LINE.label_of(path))
