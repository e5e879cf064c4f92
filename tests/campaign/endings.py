"""The back office at work: active orders terminated through the portal's pages."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.campaign.browser import Browser
from tests.campaign.orders import Author, Typed
from tests.campaign.person import press
from tracking.models import TerminationReason

FIRST_DAY = date(2031, 1, 1)


@dataclass
class Ending:
    """The termination of an order as its author means it: the values that the fields' texts mean."""

    number: int
    reference: str
    meant: dict[str, str] = field(default_factory=dict)


def end(browser: Browser, author: Author, ending: Ending) -> None:
    """Fill in, review, perhaps think again, send."""
    path = f"orders/{ending.reference}/terminate/"
    form = browser.open(path).form("key") | _typed(author, ending)
    review = browser.send(path, form | {"step": "review"})
    if author.maybe(0.2):
        form = browser.send(path, review.form("key") | {"step": "edit"}).form("key") | _typed(author, ending)
        review = browser.send(path, form | {"step": "review"})
    page = press(browser, author, path, review.form("key") | {"step": "send"})
    assert page.place == (200, f"orders/{ending.reference}/"), f"{page.place}: {page.words}"


def _typed(author: Author, ending: Ending) -> dict[str, str]:
    """What is typed into the form, noted as it is meant."""
    day = FIRST_DAY + timedelta(days=author.chance.randrange(500))
    reasons = list(TerminationReason.objects.values_list("label", flat=True))
    typed = {
        "reason": Typed(reason := author.chance.choice(reasons), reason),
        "request_effective_date": Typed(f"{day:%d/%m/%Y}", day.isoformat()),
        "message": author.paragraph(),
    }
    ending.meant = {name: text.value for name, text in typed.items()}
    return {name: text.text for name, text in typed.items()}
