"""How the portal runs: the syncs, what the worker does by itself, whether the vendor can be reached."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django_q.models import OrmQ, Schedule, Task
from django_q.tasks import async_task

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, requires
from lists.paging import page_of
from outbox.apis import configured
from outbox.models import Operation
from portal.apis import api_of_function, is_there
from portal.freshness import Freshness
from portal.operations.syncs import configured_kinds
from portal.outbox.pages import visible_to
from sync.models import SyncRun
from web.badge import Badge
from web.words import in_words

State = SyncRun.State
RUN_TONES: dict[str, str] = {State.RUNNING: "info", State.DONE: "good", State.FAILED: "bad"}
RUNS_SHOWN = 25  # on a page


@dataclass(frozen=True)
class Button:
    """A sync that can be requested: the task that does it, and its arguments."""

    label: Promise
    task: str
    arguments: dict[str, Any]

    @property
    def is_there(self) -> bool:
        """Whether its API is configured."""
        return is_there(api_of_function(self.task))


SYNCS = {
    "carts": Button(gettext_lazy("Carts now"), "sessions_app.tasks.sync_carts", {}),
    "carts-full": Button(gettext_lazy("Carts in full"), "sessions_app.tasks.sync_carts", {"full": True}),
    "orders": Button(gettext_lazy("Orders now"), "tracking.tasks.sync_orders", {}),
    "orders-full": Button(gettext_lazy("Orders in full"), "tracking.tasks.sync_orders", {"full": True}),
    "reference": Button(gettext_lazy("Reference data now"), "sessions_app.tasks.sync_reference", {}),
    "copper": Button(gettext_lazy("Copper orders now"), "extranet.tasks.sync_extranet", {}),
    "copper-full": Button(
        gettext_lazy("Copper orders in full"), "extranet.tasks.sync_extranet", {"full": True}
    ),
    "copper-catalogue": Button(gettext_lazy("Copper reference data now"), "extranet.tasks.sync_products", {}),
}
KINDS = {
    "carts": gettext_lazy("carts"),
    "orders": gettext_lazy("orders"),
    "order-pages": gettext_lazy("order details"),
    "reference": gettext_lazy("reference data"),
    "extranet": gettext_lazy("copper orders"),
    "extranet-catalogue": gettext_lazy("copper reference data"),
}


@dataclass(frozen=True)
class RunRow:
    """A sync run as people read it."""

    run: SyncRun
    kind: str
    badge: Badge
    took: timedelta | None


@dataclass(frozen=True)
class Routine:
    """A scheduled task: how often it runs, when next, and how it went the last time."""

    name: str
    every: str
    next_run: datetime | None
    last_run: datetime | None
    succeeded: bool | None


@requires(BACK_OFFICE)
@require_GET
def operations(request: AuthenticatedHttpRequest) -> HttpResponse:
    page = page_of(SyncRun.objects.all(), request.GET, {"newest": "id"}, default="-newest", size=RUNS_SHOWN)
    context = {
        "page": page,
        "runs": [run_row(run) for run in page.rows],
        "routines": _routines(),
        "api_statuses": Freshness(request.user, configured()).statuses,
        "pending": _pending_by_state(request.user),
        "queued": OrmQ.objects.count(),
        "syncs": [(kind, button) for kind, button in SYNCS.items() if button.is_there],
    }
    return render(request, "portal/operations/operations.html", context)


@requires(BACK_OFFICE)
@require_POST
def sync(request: AuthenticatedHttpRequest, kind: str) -> HttpResponse:
    """Ask the worker for a sync. Asking twice does no harm: the second finds the first one's lease. Raises Http404."""
    if kind not in SYNCS or not SYNCS[kind].is_there:
        raise Http404
    async_task(SYNCS[kind].task, **SYNCS[kind].arguments)
    messages.success(request, _("Requested: it will start within seconds. Reload this page to follow it."))
    return redirect("portal:operations")


def run_row(run: SyncRun) -> RunRow:
    took = run.finished_at - run.started_at if run.finished_at else None
    badge = Badge(run.get_state_display(), RUN_TONES.get(run.state, ""))
    return RunRow(run, str(KINDS.get(run.kind) or in_words(run.kind)), badge, took)


def latest_runs() -> list[RunRow]:
    """The newest run of each kind."""
    newest = [SyncRun.objects.filter(kind=kind).order_by("-id").first() for kind in configured_kinds()]
    return [run_row(run) for run in newest if run]


def _routines() -> list[Routine]:
    declared = Schedule.objects.order_by("minutes", "name")
    schedules = [schedule for schedule in declared if is_there(api_of_function(schedule.func))]
    tasks = Task.objects.filter(id__in=[schedule.task for schedule in schedules if schedule.task])
    ended = {task.id: task for task in tasks.only("id", "success", "stopped")}
    return [_routine(schedule, ended.get(schedule.task or "")) for schedule in schedules]


def _routine(schedule: Schedule, last: Task | None) -> Routine:
    return Routine(
        name=_(schedule.name),
        every=_every(schedule.minutes or 0),
        next_run=schedule.next_run,
        last_run=last.stopped if last else None,
        succeeded=last.success if last else None,
    )


def _every(minutes: int) -> str:
    if minutes % 60:
        return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}
    return ngettext("%(number)d hour", "%(number)d hours", minutes // 60) % {"number": minutes // 60}


def _pending_by_state(user: User) -> list[tuple[str, int]]:
    counts = visible_to(user).troubled().values_list("state").annotate(count=Count("pk")).order_by("state")
    return [(str(Operation.State(state).label), count) for state, count in counts]
