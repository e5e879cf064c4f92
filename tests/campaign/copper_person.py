"""People at work on copper orders: begun, filled in, changed, deleted, submitted, answered on the portal's pages."""

import re
import time
from collections.abc import Callable

from extranet.models import CopperOrder
from outbox.models import Operation, OperationQuerySet
from tests.campaign.browser import Browser, Fields, Page
from tests.campaign.copper import (
    ANSWERS,
    CONTACT,
    PRODUCTS,
    REFERENCE,
    CopperAuthor,
    CopperStory,
)
from tests.campaign.orders import Texts, Typed
from tests.campaign.person import press
from tests.campaign.weather import make_due
from tests.sandbox_process import eventually

PATIENCE, LONG = 20.0, 300.0
NOTHING = Typed("", None)


def write(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    """Bring an order as far as its author can without waiting for the vendor's people."""
    _begin(browser, author, story)
    _fill(browser, author, story)
    _change(browser, author, story)
    if story.fate == "deleted":
        _delete(browser, author, story)
    elif story.is_submitted:
        _submit(browser, author, story)


def answer(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    """Once the vendor asks, say yes or no."""
    _wait_for_status(story, "pending")
    path = f"{story.path}{ANSWERS[story.fate]}/"
    _assert_at(press(browser, author, path, _button(browser, path)), story.path)
    browser.open(f"{story.path}progress/")


def end_service(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    """Once the line is there, order its end."""
    _wait_for_status(story, "completed")
    path = f"{story.path}terminate/"
    story.ending = CopperStory(story.number, "ending")
    story.ending.id = _made(press(browser, author, path, _button(browser, path)))
    _retype(
        browser, author, story.ending, {"comment": author.comment(story.ending), CONTACT: author.contact()}
    )
    if author.maybe(0.5):
        _retype(browser, author, story.ending, {"operator_order_name": author.words()})
    _submit(browser, author, story.ending)


def _begin(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    form = browser.open("extranet/new/").form("key")
    texts = author.first_fields()
    story.how = texts["activation_type"].value
    story.products = next(pair for pair in PRODUCTS if texts["product.code"].value in pair)
    story.id = _made(press(browser, author, "extranet/new/", _typed(form, story, texts)))


def _fill(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    """All that the order calls for, then what that leads to; a contact that there is not is mended when it is told."""
    texts = author.other_fields_of(story)
    _retype(browser, author, story, texts, query="?lines=2" if "endpoints.1.endpoint_ref" in texts else "")
    more = author.fields_of_the_owner(texts["owner.type"].value)
    if story.has_typo:
        _wait(story, lambda: _is_refused(story), "its contact was not refused")
        more[CONTACT] = author.contact()
    if more:
        _retype(browser, author, story, more)


def _change(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    """Second thoughts: another value, nothing, another reference, a line less, what makes the draft anew, all back."""
    comment = story.texts["comment"]
    if author.maybe(0.6):
        _retype(browser, author, story, {"comment": author.comment(story)})
    if author.maybe(0.4):
        _retype(
            browser, author, story, {"contacts.owner.email": NOTHING, "operator_order_name": author.words()}
        )
    for _ in range(author.chance.choice((0, 0, 1, 1, 2))):
        story.remakings += 1
        _retype(browser, author, story, author.unheeded(story))
    if author.maybe(0.3):
        text = author.reference("COPPER")
        _retype(browser, author, story, {REFERENCE: Typed(text, text)})
    if "endpoints.1.endpoint_ref" in story.texts and author.maybe(0.5):
        _remove_second_line(browser, author, story)
    if author.maybe(0.3):
        _retype(browser, author, story, {"comment": comment})


def _remove_second_line(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    nothing = dict.fromkeys((path for path in story.texts if path.startswith("endpoints.1.")), NOTHING)
    form = browser.open(story.path).form("seen")
    story.texts |= nothing
    _assert_at(press(browser, author, story.path, form | {"remove-line": "1"}), story.path)


def _retype(
    browser: Browser, author: CopperAuthor, story: CopperStory, texts: Texts, query: str = ""
) -> None:
    form = browser.open(f"{story.path}{query}").form("seen")
    story.references.add(form[REFERENCE])
    form = _typed(form, story, texts)
    story.references.add(form[REFERENCE])
    _assert_at(press(browser, author, story.path, form), story.path)


def _delete(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    path = f"{story.path}delete/"
    _assert_at(press(browser, author, path, _button(browser, path)), "extranet/")


def _submit(browser: Browser, author: CopperAuthor, story: CopperStory) -> None:
    """Review and submit. Of a line beside the customer's own the vendor adds the address: that is waited for."""
    if story.how == "create":
        _wait(story, lambda: not _pending(story).exists(), "something is still owed")
    path = f"{story.path}submit/"
    _assert_at(press(browser, author, path, browser.open(path).form("reviewed")), story.path)


def _typed(form: Fields, story: CopperStory, texts: Texts) -> Fields:
    """The form with these texts typed into it."""
    story.texts |= texts
    typed = {path.replace(".", "-"): typed.text for path, typed in texts.items()}
    unknown = typed.keys() - form.keys()
    assert not unknown, f"The form of {story} has no {unknown}."
    return form | typed


def _wait_for_status(story: CopperStory, status: str) -> None:
    def is_there() -> bool:
        return bool(story.id) and CopperOrder.objects.filter(uuid=story.id, status=status).exists()

    _wait(story, is_there, f"it did not become {status}")


def _wait(story: CopperStory, condition: Callable[[], bool], else_: str) -> None:
    """Wait for it as people do: after a while they press "Send now", for pauses grow with every try that fails."""
    deadline = time.monotonic() + LONG
    while not eventually(condition, within=PATIENCE):
        assert time.monotonic() < deadline, f"{story.path}: {else_}. Owed: {list(_pending(story).values())}"
        make_due(subject_id=story.id)


def _pending(story: CopperStory) -> OperationQuerySet:
    return Operation.objects.unfinished().filter(subject_id=story.id)


def _is_refused(story: CopperStory) -> bool:
    return Operation.objects.filter(subject_id=story.id, state=Operation.State.REFUSED).exists()


def _button(browser: Browser, path: str) -> Fields:
    """What the button of a page that asks once more sends."""
    return {"csrfmiddlewaretoken": browser.open(path).form("csrfmiddlewaretoken")["csrfmiddlewaretoken"]}


def _made(page: Page) -> str:
    """The id of the draft to whose page a form led."""
    found = re.fullmatch(r"extranet/([0-9a-f-]{36})/", page.path)
    assert found, f"{page.place} is not the page of a copper order: {page.words}"
    return found[1]


def _assert_at(page: Page, path: str) -> None:
    assert page.place == (200, path), f"{page.place}, not {path}: {page.words}"
