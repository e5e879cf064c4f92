"""The back office at work: active orders terminated through the portal's pages."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.campaign.browser import Browser
from tests.campaign.orders import Author, Typed
from tests.campaign.person import press
from tracking.models import TerminationReason

FIRST_DAY = date(2031, 1, 1)


@dataclass
class TerminationPlan:
    """The plan of an order as its author plans it: the values that the fields' texts mean."""

    number: int
    reference: str
    meant: dict[str, str] = field(default_factory=dict)


def terminate(browser: Browser, author: Author, plan: TerminationPlan) -> None:
    """Fill in, review, perhaps edit again, send."""
    path = f"orders/{plan.reference}/terminate/"
    form = browser.open(path).form("key") | _typed(author, plan)
    review = browser.send(path, form | {"step": "review"})
    if author.maybe(0.2):
        form = browser.send(path, review.form("key") | {"step": "edit"}).form("key") | _typed(author, plan)
        review = browser.send(path, form | {"step": "review"})
    page = press(browser, author, path, review.form("key") | {"step": "send"})
    assert page.place == (200, f"orders/{plan.reference}/"), f"{page.place}: {page.words}"


def _typed(author: Author, plan: TerminationPlan) -> dict[str, str]:
    """What is typed into the form; its meaning is recorded in the plan."""
    day = FIRST_DAY + timedelta(days=author.chance.randrange(500))
    reasons = list(TerminationReason.objects.values_list("label", flat=True))
    typed = {
        "reason": Typed(reason := author.chance.choice(reasons), reason),
        "request_effective_date": Typed(f"{day:%d/%m/%Y}", day.isoformat()),
        "message": author.paragraph(),
    }
    plan.meant = {name: text.value for name, text in typed.items()}
    return {name: text.text for name, text in typed.items()}
