"""The campaign: whatever the vendor does and whichever process dies, everything that people do takes effect once.

Real processes throughout: gunicorn, workers, the queue's cluster, the sandbox.
`CAMPAIGN_SEED` repeats what is typed and the random numbers of the faults, `CAMPAIGN_CARTS` makes it longer.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django_q.tasks import async_task

from demo.management.commands.demousers import PASSWORD
from outbox.apis import APIS
from outbox.models import Operation
from tests.apis import forget_clients, speak_to
from tests.campaign import copper, copper_person
from tests.campaign.audit import acts, wrongs
from tests.campaign.browser import Browser
from tests.campaign.chaos import Chaos, expire_leases, make_due
from tests.campaign.copper import ANSWER_BY_FATE, CopperAuthor, CopperPlan
from tests.campaign.copper_audit import are_at_rest, copper_acts, wrong_copper
from tests.campaign.orders import Author, CartPlan
from tests.campaign.person import play
from tests.campaign.processes import ProcessGroup, Web, environment, manage
from tests.campaign.terminations import TerminationPlan, terminate
from tests.campaign.terminations_audit import wrong_terminations
from tests.sandbox_process import SandboxProcess, eventually
from tracking.models import Order
from tracking.states import OrderState

PEOPLE = ("sales1", "sales1", "sales1", "sales2", "sales2", "sales2")
CLERKS = ("back1", "back1")
COPPER_PEOPLE = ("sales1", "sales1", "sales2", "sales2")
CARTS = 60
ORDERS = 80
TERMINATIONS = 30
COPPER = 20
PAST_COPPER = 40
FATES = ("confirmed",) * 10 + ("draft", "deleted")
WORKERS = 3
LONG_SECONDS = 600.0
FAULTS = {"refuse", "delay", "drop_before", "drop_after", "error", "rate_limit", "html", "cut_body"}

pytestmark = pytest.mark.django_db(transaction=True)

Say = Callable[[str], None]


@dataclass
class Portal:
    """All its processes, running."""

    seed: int
    sandbox: SandboxProcess
    environment: dict[str, str]
    scratch: Path
    web: Web
    groups: list[ProcessGroup]

    def group(self, name: str, *arguments: str) -> ProcessGroup:
        """Another process of the portal, not started yet."""
        self.groups.append(ProcessGroup(arguments, self.environment, self.scratch / f"{name}.log"))
        return self.groups[-1]

    def browser(self, username: str) -> Browser:
        browser = Browser(self.web.url, lambda: eventually(self.web.is_responding, within=LONG_SECONDS))
        browser.sign_in(username, PASSWORD)
        return browser

    def requests(self) -> int:
        """How many requests the vendor has had."""
        return sum(self.sandbox.counters()["requests"].values())

    def assert_no_fault_of_ours(self) -> None:
        for group in self.groups:
            log = group.log.read_text()
            assert "ran into a fault" not in log, log[log.index("ran into a fault") - 200 :][:4000]


@pytest.fixture
def portal(tmp_path: Path, settings: Any, say: Say) -> Iterator[Portal]:
    seed = int(os.environ.get("CAMPAIGN_SEED") or random.randrange(10**6))
    say(f"CAMPAIGN_SEED={seed}")
    with SandboxProcess(*_flags(seed)) as sandbox:
        speak_to(settings, *APIS, at=sandbox)
        env = environment(sandbox, tmp_path)
        manage(env, "createcachetable")
        manage(env, "demousers")
        call_command("sync", "orders", "extranet-catalogue", "extranet")
        web = Web(env, tmp_path / "web.log")
        portal = Portal(seed, sandbox, env, tmp_path, web, [web])
        try:
            web.start()
            yield portal
        finally:
            for group in portal.groups:
                group.stop()
            forget_clients()


def _flags(seed: int) -> tuple[str, ...]:
    chance = random.Random(seed)
    shape = chance.choice(("list", "results", "items"))
    return (
        "--seed",
        str(seed),
        "--pace",
        "1",
        "--token-life",
        "5",
        "--page-shape",
        shape,
        "--page-size",
        "20",
        "--orders",
        str(ORDERS),
        "--copper",
        str(PAST_COPPER),
        "--extranet-edition",
        chance.choice(("v1", "v2", "both")),
    )


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Print a text that is shown even when the test passes."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", flush=True)

    return say


def test_whatever_fails_all_that_people_do_takes_effect_exactly_once(portal: Portal, say: Say) -> None:
    began = time.monotonic()
    plans = _plans(portal.seed, int(os.environ.get("CAMPAIGN_CARTS") or CARTS))
    terminations = _termination_plans(portal.seed, TERMINATIONS)
    drafts = copper.plans(portal.seed, COPPER)
    workers = [portal.group(f"worker{number}", "-m", "tests.campaign.worker") for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    people = [portal.browser(name) for name in PEOPLE]
    clerks = [portal.browser(name) for name in CLERKS]
    copper_people = [portal.browser(name) for name in COPPER_PEOPLE]
    copper_clerks = [portal.browser("back1") for _ in copper_people]
    browsers = [*people, *clerks, *copper_people, *copper_clerks]
    with ThreadPoolExecutor(len(browsers)) as pool:
        work = [
            pool.submit(_alone, _work, browser, portal.seed, plans[number :: len(people)])
            for number, browser in enumerate(people)
        ]
        work += [
            pool.submit(_alone, _terminate, browser, portal.seed, terminations[number :: len(clerks)])
            for number, browser in enumerate(clerks)
        ]
        work += [
            pool.submit(_alone, _work_on_copper, *both, portal.seed, drafts[number :: len(copper_people)])
            for number, both in enumerate(zip(copper_people, copper_clerks, strict=True))
        ]
        chaos = Chaos(
            random.Random(portal.seed),
            portal.sandbox,
            portal.web,
            workers,
            steps=lambda: portal.requests() + sum(browser.clicks for browser in browsers),
            is_over=lambda: all(done.done() for done in work),
        )
        chaos.run()
    _raise_first(work)
    counters = portal.sandbox.counters()
    _let_it_be_delivered()
    for worker in workers:
        worker.stop()
    _sync(portal)
    did = acts(plans)
    say(
        f"{dict(did)}, {len(terminations)} terminations\n{dict(copper_acts(drafts))}\n"
        f"{sum(browser.clicks for browser in browsers)} clicks, "
        f"{sum(browser.repeats for browser in browsers)} of them repeated for want of an answer; "
        f"{portal.requests()} requests, {chaos.outages} outages, {chaos.kills} kills\n"
        f"faults {counters['faults']}\n{time.monotonic() - began:.0f} s"
    )
    assert wrongs(plans, portal.sandbox) == []
    assert wrong_terminations(terminations, portal.sandbox) == []
    assert wrong_copper(drafts, portal.sandbox) == []
    assert counters["faults"].keys() == FAULTS
    assert chaos.lost_responses == []
    assert did["carts"] + did["lines"] + did["confirmations"] >= 200
    portal.assert_no_fault_of_ours()


def test_a_queue_killed_in_the_middle_of_its_work_sends_all_of_it_once(portal: Portal, say: Say) -> None:
    began = time.monotonic()
    plans, terminations = _plans(portal.seed, 8), _termination_plans(portal.seed, 8)
    drafts = [CopperPlan(number, "draft") for number in range(4)]
    portal.sandbox.down()
    _work(portal.browser("sales1"), portal.seed, plans)
    _terminate(portal.browser("back1"), portal.seed, terminations)
    _work_on_copper(portal.browser("sales2"), portal.browser("back1"), portal.seed, drafts)
    portal.sandbox.faults([{"fault": "delay", "seconds": 0.5, "probability": 0.3}])
    portal.sandbox.down(False)
    queue = portal.group("queue", "manage.py", "qcluster")
    for more in (1, 5, 9):
        _start(queue)
        _wait_until_sending(Operation.objects.filter(state=Operation.State.SUCCEEDED).count() + more)
        queue.kill()
    _start(queue)
    _let_it_be_delivered()
    queue.stop()
    _sync(portal)
    say(f"{dict(acts(plans))}\n{portal.requests()} requests\n{time.monotonic() - began:.0f} s")
    assert wrongs(plans, portal.sandbox) == []
    assert wrong_terminations(terminations, portal.sandbox) == []
    assert wrong_copper(drafts, portal.sandbox) == []
    portal.assert_no_fault_of_ours()


def _plans(seed: int, count: int) -> list[CartPlan]:
    """Carts of all fates, in random order."""
    fates = [FATES[number % len(FATES)] for number in range(count)]
    random.Random(seed).shuffle(fates)
    return [CartPlan(number, fate) for number, fate in enumerate(fates)]


def _work(browser: Browser, seed: int, plans: list[CartPlan]) -> None:
    for plan in plans:
        play(browser, Author(seed, plan.number), plan)


def _termination_plans(seed: int, count: int) -> list[TerminationPlan]:
    """Terminations of this many of the vendor's active orders, chosen at random."""
    active = Order.objects.filter(state=OrderState.ACTIVE).order_by("reference")
    references = list(active.values_list("reference", flat=True))
    chosen = random.Random(seed).sample(references, count)
    return [TerminationPlan(number, reference) for number, reference in enumerate(chosen)]


def _terminate(browser: Browser, seed: int, terminations: list[TerminationPlan]) -> None:
    for termination in terminations:
        terminate(browser, Author(seed, 1000 + termination.number), termination)


def _work_on_copper(browser: Browser, clerk: Browser, seed: int, drafts: list[CopperPlan]) -> None:
    """Write all, then answer the pending ones, then have the clerk terminate the services."""
    authors = {plan.number: CopperAuthor(seed, 2000 + plan.number) for plan in drafts}
    for plan in drafts:
        copper_person.write(browser, authors[plan.number], plan)
    for plan in drafts:
        if plan.fate in ANSWER_BY_FATE:
            copper_person.answer(browser, authors[plan.number], plan)
    for plan in drafts:
        if plan.fate == "ended":
            copper_person.end_service(clerk, authors[plan.number], plan)


def _alone(work: Callable[..., None], *arguments: Any) -> None:
    """Do it in a thread of its own, which leaves no connection to the database behind."""
    try:
        work(*arguments)
    finally:
        connections.close_all()


def _raise_first(work: list[Future[None]]) -> None:
    for done in work:
        done.result()


def _start(queue: ProcessGroup) -> None:
    """Start the queue's cluster, with the task that its schedule would add within the minute."""
    expire_leases()
    async_task("outbox.tasks.deliver")
    queue.start()


def _wait_until_sending(done: int) -> None:
    """Wait until this many operations are done and one is just being sent."""
    State = Operation.State

    def is_sending() -> bool:
        states = list(Operation.objects.values_list("state", flat=True))
        return states.count(State.SUCCEEDED) >= done and State.SENDING in states

    assert eventually(is_sending, within=LONG_SECONDS)


def _let_it_be_delivered() -> None:
    def is_delivered() -> bool:
        make_due()
        return not Operation.objects.unfinished().exists()

    assert eventually(is_delivered, within=LONG_SECONDS), [
        str(operation) for operation in Operation.objects.unfinished()
    ]


def _sync(portal: Portal) -> None:
    assert eventually(lambda: are_at_rest(portal.sandbox), within=LONG_SECONDS)
    expire_leases()
    call_command("sync", "carts", "extranet", full=True)
    call_command("sync", "orders")
