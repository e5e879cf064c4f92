"""The filters of the list of copper orders. In the URL they have the vendor's field names, if it has them."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from extranet import states
from extranet.models import CopperOrder, Product
from extranet.orders.activity import show
from extranet.states import DRAFTS, Status
from lists.filters.choices import Choices, labelled, plain
from lists.filters.cities import in_city
from lists.filters.declarations import days, exact, indexed_words, moments, words
from lists.filters.filtersets import Flag, ReaderFilter, column, flag, ticks
from lists.filters.forms import GroupedForm
from notifications.changes.unread import unread
from notifications.watches.matching import watched
from web.distinct import values_of

if TYPE_CHECKING:
    from extranet.querysets import CopperOrderQuerySet

_PK = re.compile(r"[0-9]{1,9}")

# The filters that are on or off.
FLAGS: dict[str, Flag] = {
    "pending": lambda orders, user: orders.pending().answerable_by(user),
    "held": lambda orders, user: orders.on_hold(),
    "ready": lambda orders, user: orders.ready(),
    "missing": lambda orders, user: orders.lacking(),
    "conflict": lambda orders, user: orders.in_conflict(),
    "unowned": lambda orders, user: orders.unowned(),
    "settling": lambda orders, user: orders.settling(),
    "to_reorder": lambda orders, user: orders.to_reorder(),
    "terminating": lambda orders, user: orders.terminating(),
    "in_service": lambda orders, user: orders.in_service(),
    "term_ending": lambda orders, user: orders.term_ending(),
    "mine": lambda orders, user: orders.of(user),
    "unread": unread,
    "watched": watched,
}


class CopperFilterForm(GroupedForm):
    at_first = ("q", "city", "end_customer_name")
    ticked = "status"
    flags = tuple(FLAGS)
    grouped = (
        (
            _("Product and origin"),
            (
                "type",
                "service",
                "activation_type",
                "product_family",
                "product_code",
                "enni_service_ref",
                "batch_alias",
                "owner",
                "team",
            ),
        ),
    )


class CopperFilter(ReaderFilter):
    """The filters of the list."""

    flags = FLAGS

    q = indexed_words(_("Text"))
    status = ticks(_("Status"), "in_statuses")
    pending = flag(_("Waiting for your answer"))
    held = flag(_("Held at Covage"))
    ready = flag(_("Drafts that are ready"))
    missing = flag(_("Incomplete drafts"))
    conflict = flag(_("Changed on both sides"))
    unowned = flag(_("Created outside Carnet, no owner yet"))
    settling = flag(_("Being submitted or answered"))
    to_reorder = flag(_("Recently rejected, not ordered again"))
    terminating = flag(_("Termination under way"))
    in_service = flag(_("In service"))
    term_ending = flag(_("Contract term ends within 90 days"))
    unread = flag(_("Changed since I last looked"))
    watched = flag(_("Watched by me"))
    mine = flag(_("Mine and my teams'"))
    type = column(_("Type of order"))
    service = column(_("Type of service"))
    activation_type = column(_("What to activate"))
    product_family = column(_("Product family"))
    product_code = column(_("Product"))
    enni_service_ref = column(_("ENNI (collection door)"))
    batch_alias = column(_("Batch"))
    owner = column(_("Owner"))
    team = column(_("Team"))
    end_customer_name = exact(_("End customer"), "end_customer_name")
    city = words(_("City"), "of_city")
    creation_date_gt, creation_date_lt = moments("created_at", _("Created from"), _("Created up to"))
    modification_date_gt, modification_date_lt = moments(
        "modification_date", _("Changed from"), _("Changed up to")
    )
    submission_date_gt, submission_date_lt = moments(
        "submission_date", _("Submitted from"), _("Submitted up to")
    )
    completion_date_gt, completion_date_lt = moments(
        "completion_date", _("Completed from"), _("Completed up to")
    )
    term_ends_on_gt, term_ends_on_lt = days(
        "term_ends_on", _("Contract term ends from"), _("Contract term ends up to")
    )

    class Meta:
        model = CopperOrder
        form = CopperFilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _NAMED:
            self.offer(name, partial(_named, name))
        for name in ("enni_service_ref", "batch_alias"):
            self.offer(name, partial(plain, CopperOrder, name))
        self.offer("product_code", _products)
        self.offer("owner", _people, _PK.fullmatch)
        self.offer("team", _teams, _PK.fullmatch)

    def in_statuses(
        self, queryset: "CopperOrderQuerySet", name: str, values: list[str]
    ) -> "CopperOrderQuerySet":
        """Orders in one of the statuses; a draft that Covage doesn't have yet has none."""
        statuses = {*values, *DRAFTS} if Status.DRAFT in values else set(values)
        return queryset.filter(status__in=statuses)

    def of_city(self, queryset: "CopperOrderQuerySet", name: str, text: str) -> "CopperOrderQuerySet":
        return in_city(queryset, text)


# Columns with documented values, and their labels; other values that orders have are offered too.
_NAMED: dict[str, tuple[Iterable[str], Callable[[str], str]]] = {
    "status": (states.Status.values, states.status_label),
    "type": (states.Type.values, partial(show, "type")),
    "service": (states.Service.values, states.service_label),
    "activation_type": (states.ActivationType.values, partial(show, "activation_type")),
    "product_family": (states.FAMILIES, states.family_label),
}


def _named(column: str) -> Choices:
    known, label_of = _NAMED[column]
    return labelled([*known, *values_of(CopperOrder, column)], label_of)


def _products() -> Choices:
    """The products of the orders, by code and name."""
    codes = values_of(CopperOrder, "product_code")
    names = dict(Product.objects.filter(code__in=codes).values_list("code", "name"))
    return labelled(codes, lambda code: f"{code} · {names[code]}" if names.get(code) else code)


def _people() -> Choices:
    owners = User.objects.filter(pk__in=values_of(CopperOrder, "owner_id"))
    return [(str(user.pk), str(user)) for user in owners.order_by("last_name", "username")]


def _teams() -> Choices:
    teams = Team.objects.filter(pk__in=values_of(CopperOrder, "team_id"))
    return [(str(team.pk), str(team)) for team in teams.order_by("name")]
