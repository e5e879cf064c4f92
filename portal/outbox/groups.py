"""The apps' operations by group: what they are about, whom they concern, and what people may do about them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

import extranet.drafts.actions
import sessions_app.carts.actions
from accounts.roles import BACK_OFFICE, SALES
from extranet.contacts import actions
from extranet.contacts.fields import PERSON
from extranet.contacts.operations import DELETE_CONTACT
from extranet.drafts.operations import ANSWER_ORDER, SAVE_ORDER, SUBMIT_ORDER
from extranet.fields import ORDER
from extranet.ingest import DELETE_ORDER, SAVE_CONTACT
from extranet.models import Contact, CopperOrder
from extranet.orders.changes import subject_of as subject_of_copper
from notifications.subjects import Subject
from outbox.models import Operation
from sessions_app.carts.operations import DELETE_CART, SAVE_CART
from sessions_app.confirmation.operations import CONFIRM_CART
from sessions_app.fields import LINE
from sessions_app.lines.operations import DELETE_LINE, SAVE_LINE
from sessions_app.models import Cart, Line
from tracking.models import Order
from tracking.orders.changes import subject_of as subject_of_order
from tracking.orders.dates import day_of
from tracking.requests.actions import MAKE_REQUEST, take_back
from tracking.requests.forms import LABELS as REQUEST_LABELS
from web.words import path_in_words

if TYPE_CHECKING:
    from accounts.models import User

Words = str | Promise
Ids = Collection[UUID]

_NOTHING_REQUESTED = gettext_lazy("Withdrawn. Nothing was requested from Covage.")
_DRAFT_STAYS = gettext_lazy("Withdrawn. Nothing was sent, and the draft stays here as it is.")


@dataclass(frozen=True, eq=False)
class OperationGroup:
    """Operations of some kinds, about subjects of one kind.

    `subjects` are what they are about, by id, without an address where one has no page any more; `targets` are the
    ids of those of their targets that have a page, too. `concerns` is the condition on operations for those who don't
    see all, `actable` returns the ids of the subjects on which a user may act; `refusal` says who may, `withdrawn`
    what withdrawing did, `may_be_withdrawn` whether it is offered for an operation.
    """

    kinds: frozenset[str]
    subjects: Callable[[Ids], Iterable[Subject]]
    concerns: Callable[["User"], Q]
    actable: Callable[["User", Ids], Iterable[UUID]]
    refusal: Words
    withdraw: Callable[[Operation, "User"], bool]
    withdrawn: Words
    label_of: Callable[[str], Words]
    targets: Callable[[Ids], Iterable[UUID]] = lambda ids: ()
    about: Callable[[Operation], str] = lambda operation: ""
    may_be_withdrawn: Callable[[Operation], bool] = lambda operation: True
    fix_url: Callable[[Operation], str] = lambda operation: operation.url


# Carts and their lines


def _carts(ids: Ids) -> Iterable[Subject]:
    for cart in Cart.objects.filter(pk__in=ids).only("external_id", "upstream_id", "deleted_at"):
        yield Subject(cart.pk, str(cart), "" if cart.deleted_at else cart.get_absolute_url())


def _lines_shown(ids: Ids) -> Iterable[UUID]:
    lines = Line.objects.live().filter(cart__deleted_at=None, pk__in=ids)
    return lines.values_list("pk", flat=True)


def _carts_editable(user: "User", ids: Ids) -> Iterable[UUID]:
    carts = Cart.objects.editable_by(user).filter(pk__in=ids)
    return carts.values_list("pk", flat=True) if user.has_role(SALES) else ()


CARTS = OperationGroup(
    kinds=frozenset({SAVE_CART, DELETE_CART, CONFIRM_CART, SAVE_LINE, DELETE_LINE}),
    subjects=_carts,
    targets=_lines_shown,
    concerns=lambda user: Q(Exists(Cart.objects.visible_to(user).filter(pk=OuterRef("subject_id")))),
    actable=_carts_editable,
    refusal=gettext_lazy(
        "You can read this, but only the cart's owner, its team and administrators can act on it."
    ),
    withdraw=sessions_app.carts.actions.withdraw,
    withdrawn=_DRAFT_STAYS,
    label_of=LINE.label_of,
)


# Requests on orders


def _orders(ids: Ids) -> Iterable[Subject]:
    orders = Order.objects.filter(uuid__in=ids).only("uuid", "reference", "end_customer_name", "city")
    return map(subject_of_order, orders)


def _request_in_words(operation: Operation) -> str:
    """A request in words: its reason, day and comment."""
    document = operation.payload["document"]
    day = day_of(document["request_effective_date"])
    parts = (document["reason"], date_format(day, "SHORT_DATE_FORMAT") if day else "", document["message"])
    return " · ".join(text for text in parts if text)


def _form_of_request(operation: Operation) -> str:
    return reverse("tracking:request", args=[operation.payload["reference"], operation.payload["action"]])


REQUESTS = OperationGroup(
    kinds=frozenset({MAKE_REQUEST}),
    subjects=_orders,
    concerns=lambda user: Q(Exists(Order.objects.of(user).filter(uuid=OuterRef("subject_id")))),
    actable=lambda user, ids: ids if user.has_role(BACK_OFFICE) else (),
    refusal=gettext_lazy("You can read this, but only the back office can act on it."),
    withdraw=take_back,
    withdrawn=_NOTHING_REQUESTED,
    label_of=lambda path: REQUEST_LABELS.get(path) or path_in_words(path),
    about=_request_in_words,
    fix_url=_form_of_request,
)


# Copper orders: their drafts, and the answers to those that wait for one


def _copper_orders(ids: Ids) -> Iterable[Subject]:
    for order in CopperOrder.objects.filter(uuid__in=ids).without_documents():
        subject = subject_of_copper(order)
        yield Subject(subject.id, subject.label, "" if order.deleted_at else subject.url, subject.customer)


def _concerns_copper(user: "User") -> Q:
    return Q(Exists(CopperOrder.objects.answerable_by(user).filter(uuid=OuterRef("subject_id"))))


COPPER = OperationGroup(
    kinds=frozenset({SAVE_ORDER, DELETE_ORDER, SUBMIT_ORDER}),
    subjects=_copper_orders,
    concerns=_concerns_copper,
    actable=lambda user, ids: (
        CopperOrder.objects.editable_by(user).filter(uuid__in=ids).values_list("uuid", flat=True)
    ),
    refusal=gettext_lazy(
        "You can read this, but only the order's owner, its team and administrators can act on it."
    ),
    may_be_withdrawn=extranet.drafts.actions.may_be_withdrawn,
    withdraw=extranet.drafts.actions.withdraw,
    withdrawn=_DRAFT_STAYS,
    label_of=ORDER.label_of,
)
COPPER_ANSWERS = OperationGroup(
    kinds=frozenset({ANSWER_ORDER}),
    subjects=_copper_orders,
    concerns=_concerns_copper,
    actable=lambda user, ids: (
        CopperOrder.objects.answerable_by(user).filter(uuid__in=ids).values_list("uuid", flat=True)
    ),
    refusal=gettext_lazy(
        "You can read this, but only the order's owner, its team and the back office can act on it."
    ),
    withdraw=extranet.drafts.actions.withdraw,
    withdrawn=_NOTHING_REQUESTED,
    label_of=ORDER.label_of,
)


# The people whom Covage calls about copper orders: everybody's, so each user follows their own changes

_OF_CONTACTS = frozenset({SAVE_CONTACT, DELETE_CONTACT})


def _contacts(ids: Ids) -> Iterable[Subject]:
    for contact in Contact.objects.filter(pk__in=ids):
        yield Subject(contact.pk, str(contact), "" if contact.deleted_at else contact.get_absolute_url())


CONTACTS = OperationGroup(
    kinds=_OF_CONTACTS,
    subjects=_contacts,
    concerns=lambda user: Q(kind__in=_OF_CONTACTS, actor=user),
    actable=lambda user, ids: ids if user.has_role(SALES, BACK_OFFICE) else (),
    refusal=gettext_lazy("You can read this, but only sales and the back office can act on it."),
    withdraw=actions.withdraw,
    withdrawn=_NOTHING_REQUESTED,
    label_of=PERSON.label_of,
)

GROUPS = (CARTS, REQUESTS, COPPER, COPPER_ANSWERS, CONTACTS)
_BY_KIND = {kind: group for group in GROUPS for kind in group.kinds}


# Operations of a kind that belongs to no group: the back office alone sees them, and may dismiss them once refused.
UNKNOWN = OperationGroup(
    kinds=frozenset(),
    subjects=lambda ids: (),
    concerns=lambda user: Q(pk__in=()),
    actable=lambda user, ids: ids if user.has_role(BACK_OFFICE) else (),
    refusal=REQUESTS.refusal,
    withdraw=lambda operation, user: False,
    withdrawn=_NOTHING_REQUESTED,
    label_of=lambda path: path,
    about=lambda operation: gettext(
        "Carnet doesn't know how to send this: it is kept here, and nothing is sent."
    ),
    may_be_withdrawn=lambda operation: False,
    fix_url=lambda operation: "",
)


def group_of(operation: Operation) -> OperationGroup:
    """The group of an operation's kind; UNKNOWN for a kind that belongs to none."""
    return _BY_KIND.get(operation.kind, UNKNOWN)
