"""What befalls the vendor and the portal meanwhile: every fault of the stand-in, outages, kills."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from outbox import queue
from outbox.models import Operation
from sync.models import Lease
from tests.campaign.processes import LEASE_SECONDS, LONGEST_DELAY, Group
from tests.sandbox_process import SandboxProcess, eventually

Rule = dict[str, Any]
WRITES = ("POST", "PUT", "PATCH", "DELETE")
TOKEN = "(openid-connect|account)/token"
# What must not be done twice to a copper order: of each of these the answer is lost once at least.
ONCE = (
    ("POST", "^/api/orders/$"),
    ("PUT", "^/api/orders/[^/]+/$"),
    ("DELETE", "^/api/orders/[^/]+/$"),
    ("POST", "^/api/orders/[^/]+/submit/$"),
    ("POST", "^/api/orders/[^/]+/confirm/$"),
    ("POST", "^/api/orders/[^/]+/cancel/$"),
)


class Weather:
    """One mishap after the other, with a random number of steps of the work in between, until it is over."""

    def __init__(
        self,
        chance: random.Random,
        sandbox: SandboxProcess,
        web: Group,
        workers: Sequence[Group],
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
        self.lost_answers = [
            {"method": method, "path": path, "times": 1} | self.chance.choice(self._losses())
            for method, path in ONCE
        ]

    def rage(self) -> None:
        """Let everything happen in random order, once at least, until the work is over. Then clear up."""
        mishaps = [self.storm, self.storm, self.outage, self.forget_tokens, self.freeze_a_worker, self.kill_web,
                   self.kill_a_worker, self.kill_all_workers]  # fmt: skip
        self.storm()
        while not self.is_over():
            self.chance.shuffle(mishaps)
            for mishap in mishaps:
                self._let_work_go_on(self.chance.randint(50, 300))
                mishap()
        self.sandbox.down(False)
        self._note_lost_answers()
        self.sandbox.faults([])

    def storm(self) -> None:
        """Other faults than before, each as likely as the dice say; and the answers that have to be lost yet."""
        self._note_lost_answers()
        self.sandbox.faults(
            [
                *self.lost_answers,
                *self._faults(WRITES, 0.09),
                *self._faults(("GET",), 0.03),
                *self._token_faults(),
            ]
        )

    def _note_lost_answers(self) -> None:
        """Leave over those answers that were not lost so far."""
        played = {
            (rule["method"], rule["path"]) for rule in self.sandbox.control("GET", "faults") if rule["played"]
        }
        self.lost_answers = [
            rule for rule in self.lost_answers if (rule["method"], rule["path"]) not in played
        ]

    def outage(self) -> None:
        self.outages += 1
        self.sandbox.down()
        self._let_work_go_on(self.chance.randint(20, 60))
        self.sandbox.down(False)

    def forget_tokens(self) -> None:
        self.sandbox.forget_tokens()

    def freeze_a_worker(self) -> None:
        """Halt one until its claims have lapsed and others have what it had, then let it go on."""
        worker = self.chance.choice(self.workers)
        worker.freeze()
        held = Operation.objects.unfinished().filter(held_until__gt=timezone.now())
        holders = list(held.values_list("holder", flat=True))
        theirs = Operation.objects.unfinished().filter(holder__in=holders)
        eventually(lambda: not theirs.exists(), within=LEASE_SECONDS + 1)
        worker.thaw()

    def kill_web(self) -> None:
        self._kill(self.web)

    def kill_a_worker(self) -> None:
        self._kill(self.chance.choice(self.workers))

    def kill_all_workers(self) -> None:
        self._kill(*self.workers)

    def _kill(self, *groups: Group) -> None:
        for group in groups:
            assert group.is_running(), f"It ended by itself:\n{group.log.read_text()[-4000:]}"
            group.kill()
            self.kills += 1
        let_leases_lapse()
        for group in groups:
            group.start()

    def _let_work_go_on(self, steps: int) -> None:
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
            {"fault": "delay", "seconds": self.chance.uniform(0.5, LONGEST_DELAY)},
            {"fault": "error", "status": status},
            {"fault": "error", "status": status, "after": True},
            {"fault": "rate_limit", "retry_after": self.chance.choice((0.2, 1))},
            {"fault": "html"},
            {"fault": "html", "after": True},
            {"fault": "cut_body"},
        ]

    def _losses(self) -> list[Rule]:
        """The faults that carry out what is asked and give no answer to it that could be understood."""
        return [
            fault
            for fault in self._kinds()
            if fault["fault"] in ("drop_after", "cut_body") or "after" in fault
        ]

    def _token_faults(self) -> list[Rule]:
        return [{"path": TOKEN, "probability": 0.03} | fault for fault in self._kinds()]


def let_leases_lapse() -> None:
    """As time does: for a killed sync others would wait for minutes."""
    Lease.objects.update(expires_at=timezone.now())


def make_due(**which: Any) -> None:
    """Make all that is owed due, or those operations of it, as people may."""
    for operation in Operation.objects.unfinished().filter(**which):
        queue.make_due(operation)
