"""People at work on copper orders: begun, filled in, changed, deleted, submitted, answered on the portal's pages."""

import re
import time
from collections.abc import Callable

from extranet.models import CopperOrder
from outbox.models import Operation, OperationQuerySet
from tests.campaign.browser import Browser, BrowserPage, Fields
from tests.campaign.chaos import make_due
from tests.campaign.copper import (
    ANSWER_BY_FATE,
    CONTACT,
    PRODUCTS,
    REFERENCE,
    CopperAuthor,
    CopperPlan,
)
from tests.campaign.orders import Texts, Typed
from tests.campaign.person import press
from tests.sandbox_process import eventually

PATIENCE_SECONDS, LONGEST_SECONDS = 20.0, 300.0
NOTHING = Typed("", None)


def write(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    """Take an order as far as its author can without waiting for the vendor."""
    _begin(browser, author, plan)
    _fill(browser, author, plan)
    _change(browser, author, plan)
    if plan.fate == "deleted":
        _delete(browser, author, plan)
    elif plan.is_submitted:
        _submit(browser, author, plan)


def answer(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    """Confirm or cancel, once the vendor waits for an answer."""
    _wait_for_status(plan, "pending")
    path = f"{plan.path}{ANSWER_BY_FATE[plan.fate]}/"
    _assert_at(press(browser, author, path, _button(browser, path)), plan.path)
    browser.open(f"{plan.path}progress/")


def end_service(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    """Terminate the line, once it is in service."""
    _wait_for_status(plan, "completed")
    path = f"{plan.path}terminate/"
    plan.termination = CopperPlan(plan.number, "termination")
    plan.termination.id = _made(press(browser, author, path, _button(browser, path)))
    _retype(
        browser,
        author,
        plan.termination,
        {"comment": author.comment(plan.termination), CONTACT: author.contact()},
    )
    if author.maybe(0.5):
        _retype(browser, author, plan.termination, {"operator_order_name": author.words()})
    _submit(browser, author, plan.termination)


def _begin(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    form = browser.open("extranet/new/").form("key")
    texts = author.first_fields()
    plan.how = texts["activation_type"].value
    plan.products = next(pair for pair in PRODUCTS if texts["product.code"].value in pair)
    plan.id = _made(press(browser, author, "extranet/new/", _typed(form, plan, texts)))


def _fill(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    """Type all that the order requires, then what follows from that; correct an unknown contact once it is refused."""
    texts = author.other_fields_of(plan)
    _retype(browser, author, plan, texts, query="?lines=2" if "endpoints.1.endpoint_ref" in texts else "")
    more = author.fields_of_the_owner(texts["owner.type"].value)
    if plan.has_typo:
        _wait(plan, lambda: _is_refused(plan), "its contact was not refused")
        more[CONTACT] = author.contact()
    if more:
        _retype(browser, author, plan, more)


def _change(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    """Second thoughts: another value, nothing, another reference, a line less, what recreates the draft, all back."""
    comment = plan.texts["comment"]
    if author.maybe(0.6):
        _retype(browser, author, plan, {"comment": author.comment(plan)})
    if author.maybe(0.4):
        _retype(
            browser, author, plan, {"contacts.owner.email": NOTHING, "operator_order_name": author.words()}
        )
    for _ in range(author.chance.choice((0, 0, 1, 1, 2))):
        plan.remakings += 1
        _retype(browser, author, plan, author.not_updatable(plan))
    if author.maybe(0.3):
        text = author.reference("COPPER")
        _retype(browser, author, plan, {REFERENCE: Typed(text, text)})
    if "endpoints.1.endpoint_ref" in plan.texts and author.maybe(0.5):
        _remove_second_line(browser, author, plan)
    if author.maybe(0.3):
        _retype(browser, author, plan, {"comment": comment})


def _remove_second_line(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    nothing = dict.fromkeys((path for path in plan.texts if path.startswith("endpoints.1.")), NOTHING)
    form = browser.open(plan.path).form("seen")
    plan.texts |= nothing
    _assert_at(press(browser, author, plan.path, form | {"remove-line": "1"}), plan.path)


def _retype(browser: Browser, author: CopperAuthor, plan: CopperPlan, texts: Texts, query: str = "") -> None:
    form = browser.open(f"{plan.path}{query}").form("seen")
    plan.references.add(form[REFERENCE])
    form = _typed(form, plan, texts)
    plan.references.add(form[REFERENCE])
    _assert_at(press(browser, author, plan.path, form), plan.path)


def _delete(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    path = f"{plan.path}delete/"
    _assert_at(press(browser, author, path, _button(browser, path)), "extranet/")


def _submit(browser: Browser, author: CopperAuthor, plan: CopperPlan) -> None:
    """Review and submit. The vendor adds the address of an additional line: that is waited for."""
    if plan.how == "create":
        _wait(plan, lambda: not _pending(plan).exists(), "something is still pending")
    path = f"{plan.path}submit/"
    _assert_at(press(browser, author, path, browser.open(path).form("reviewed")), plan.path)


def _typed(form: Fields, plan: CopperPlan, texts: Texts) -> Fields:
    """The form with these texts typed into it."""
    plan.texts |= texts
    typed = {path.replace(".", "-"): typed.text for path, typed in texts.items()}
    unknown = typed.keys() - form.keys()
    assert not unknown, f"The form of {plan} has no {unknown}."
    return form | typed


def _wait_for_status(plan: CopperPlan, status: str) -> None:
    def is_there() -> bool:
        return bool(plan.id) and CopperOrder.objects.filter(uuid=plan.id, status=status).exists()

    _wait(plan, is_there, f"it did not become {status}")


def _wait(plan: CopperPlan, condition: Callable[[], bool], else_: str) -> None:
    """Wait as people do: after a while they press "Send now", as pauses grow with every failed attempt."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not eventually(condition, within=PATIENCE_SECONDS):
        assert time.monotonic() < deadline, f"{plan.path}: {else_}. Pending: {list(_pending(plan).values())}"
        make_due(subject_id=plan.id)


def _pending(plan: CopperPlan) -> OperationQuerySet:
    return Operation.objects.unfinished().filter(subject_id=plan.id)


def _is_refused(plan: CopperPlan) -> bool:
    return Operation.objects.filter(subject_id=plan.id, state=Operation.State.REFUSED).exists()


def _button(browser: Browser, path: str) -> Fields:
    """The fields that the button of a confirmation page sends."""
    return {"csrfmiddlewaretoken": browser.open(path).form("csrfmiddlewaretoken")["csrfmiddlewaretoken"]}


def _made(page: BrowserPage) -> str:
    """The id of the draft to whose page a form led."""
    found = re.fullmatch(r"extranet/([0-9a-f-]{36})/", page.path)
    assert found, f"{page.place} is not the page of a copper order: {page.words}"
    return found[1]


def _assert_at(page: BrowserPage, path: str) -> None:
    assert page.place == (200, path), f"{page.place}, not {path}: {page.words}"
