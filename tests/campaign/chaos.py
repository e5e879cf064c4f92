"""What happens to the vendor and the portal meanwhile: every fault of the sandbox, outages, kills."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from outbox import queue
from outbox.models import Operation
from sync.models import Lease
from tests.campaign.processes import LEASE_SECONDS, LONGEST_DELAY_SECONDS, ProcessGroup
from tests.sandbox_process import SandboxProcess, eventually

Rule = dict[str, Any]
WRITE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
TOKEN = "(openid-connect|account)/token"
# What must not be done twice to a copper order: of each of these the response is lost once at least.
ONCE = (
    ("POST", "^/api/orders/$"),
    ("PUT", "^/api/orders/[^/]+/$"),
    ("DELETE", "^/api/orders/[^/]+/$"),
    ("POST", "^/api/orders/[^/]+/submit/$"),
    ("POST", "^/api/orders/[^/]+/confirm/$"),
    ("POST", "^/api/orders/[^/]+/cancel/$"),
)


class Chaos:
    """One disturbance after the other, with a random number of steps of the work in between, until it is over."""

    def __init__(
        self,
        chance: random.Random,
        sandbox: SandboxProcess,
        web: ProcessGroup,
        workers: Sequence[ProcessGroup],
        steps: Callable[[], int],
        is_over: Callable[[], bool],
    ) -> None:
        self.chance = chance
        self.sandbox = sandbox
        self.web = web
        self.workers = list(workers)
        self.steps = steps
        self.is_over = is_over
        self.kills = 0
        self.outages = 0
        self.lost_responses = [
            {"method": method, "path": path, "times": 1} | self.chance.choice(self._losses())
            for method, path in ONCE
        ]

    def run(self) -> None:
        """Let everything happen in random order, once at least, until the work is over. Then clear up."""
        disturbances = [
            self.change_faults,
            self.change_faults,
            self.outage,
            self.forget_tokens,
            self.freeze_a_worker,
            self.kill_web,
            self.kill_a_worker,
            self.kill_all_workers,
        ]
        self.change_faults()
        while not self.is_over():
            self.chance.shuffle(disturbances)
            for disturb in disturbances:
                self._let_work_continue(self.chance.randint(50, 300))
                disturb()
        self.sandbox.down(False)
        self._keep_unplayed_losses()
        self.sandbox.faults([])

    def change_faults(self) -> None:
        """Other faults than before, each with a random probability; and the responses that still have to be lost."""
        self._keep_unplayed_losses()
        self.sandbox.faults(
            [
                *self.lost_responses,
                *self._faults(WRITE_METHODS, 0.09),
                *self._faults(("GET",), 0.03),
                *self._token_faults(),
            ]
        )

    def _keep_unplayed_losses(self) -> None:
        """Keep those responses that were not lost so far."""
        played = {
            (rule["method"], rule["path"]) for rule in self.sandbox.control("GET", "faults") if rule["played"]
        }
        self.lost_responses = [
            rule for rule in self.lost_responses if (rule["method"], rule["path"]) not in played
        ]

    def outage(self) -> None:
        self.outages += 1
        self.sandbox.down()
        self._let_work_continue(self.chance.randint(20, 60))
        self.sandbox.down(False)

    def forget_tokens(self) -> None:
        self.sandbox.forget_tokens()

    def freeze_a_worker(self) -> None:
        """Halt one until its leases have expired and others have taken over, then let it continue."""
        worker = self.chance.choice(self.workers)
        worker.freeze()
        leased = Operation.objects.unfinished().filter(held_until__gt=timezone.now())
        holders = list(leased.values_list("holder", flat=True))
        theirs = Operation.objects.unfinished().filter(holder__in=holders)
        eventually(lambda: not theirs.exists(), within=LEASE_SECONDS + 1)
        worker.thaw()

    def kill_web(self) -> None:
        self._kill(self.web)

    def kill_a_worker(self) -> None:
        self._kill(self.chance.choice(self.workers))

    def kill_all_workers(self) -> None:
        self._kill(*self.workers)

    def _kill(self, *groups: ProcessGroup) -> None:
        for group in groups:
            assert group.is_running(), f"It ended by itself:\n{group.log.read_text()[-4000:]}"
            group.kill()
            self.kills += 1
        expire_leases()
        for group in groups:
            group.start()

    def _let_work_continue(self, steps: int) -> None:
        goal = self.steps() + steps
        eventually(lambda: self.is_over() or self.steps() >= goal, within=20)

    def _faults(self, methods: Sequence[str], most: float) -> list[Rule]:
        rules: list[Rule] = []
        for method in methods:
            rules += [
                {"method": method, "probability": self.chance.uniform(most / 5, most)} | fault
                for fault in self._kinds()
            ]
        self.chance.shuffle(rules)
        return rules

    def _kinds(self) -> list[Rule]:
        status = self.chance.choice((500, 502, 503))
        return [
            {"fault": "refuse"},
            {"fault": "drop_before"},
            {"fault": "drop_after"},
            {"fault": "delay", "seconds": self.chance.uniform(0.5, LONGEST_DELAY_SECONDS)},
            {"fault": "error", "status": status},
            {"fault": "error", "status": status, "after": True},
            {"fault": "rate_limit", "retry_after": self.chance.choice((0.2, 1))},
            {"fault": "html"},
            {"fault": "html", "after": True},
            {"fault": "cut_body"},
        ]

    def _losses(self) -> list[Rule]:
        """The faults that carry out a request and give no response that can be understood."""
        return [
            fault
            for fault in self._kinds()
            if fault["fault"] in ("drop_after", "cut_body") or "after" in fault
        ]

    def _token_faults(self) -> list[Rule]:
        return [{"path": TOKEN, "probability": 0.03} | fault for fault in self._kinds()]


def expire_leases() -> None:
    """Expire every lease, as time does: others would wait for minutes for a killed sync."""
    Lease.objects.update(expires_at=timezone.now())


def make_due(**which: Any) -> None:
    """Make all pending operations due, or those with these values, as people may."""
    for operation in Operation.objects.unfinished().filter(**which):
        queue.make_due(operation)
