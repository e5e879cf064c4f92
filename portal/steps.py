"""What someone may want to do next, by role: the home page's tiles."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, SALES


@dataclass(frozen=True)
class Step:
    title: Promise
    text: Promise
    action: Promise
    url_name: str
    roles: tuple[str, ...]

    @property
    def url(self) -> str:
        return reverse(self.url_name)


STEPS = (
    Step(
        title=_("New cart"),
        text=_(
            "Put the lines to be ordered together into a cart. Carnet says what is missing until it is ready."
        ),
        action=_("Build a cart"),
        url_name="sessions_app:cart-new",
        roles=(SALES,),
    ),
    Step(
        title=_("Carts"),
        text=_("Go on with a draft of yours or of your team, and see what became of confirmed carts."),
        action=_("See the carts"),
        url_name="sessions_app:carts",
        roles=(SALES, BACK_OFFICE),
    ),
    Step(
        title=_("Lines"),
        text=_("Find an order line by its reference, its customer or its state, whichever cart it is in."),
        action=_("See the lines"),
        url_name="sessions_app:lines",
        roles=(SALES, BACK_OFFICE),
    ),
    Step(
        title=_("People and teams"),
        text=_("Open an account for a colleague, give a role, put people who share carts into a team."),
        action=_("Manage people"),
        url_name="admin:accounts_user_changelist",
        roles=(ADMINISTRATOR,),
    ),
    Step(
        title=_("Secure your account"),
        text=_("Ask for a code from your phone when you sign in: a password alone can be guessed or stolen."),
        action=_("Set up a second factor"),
        url_name="mfa_index",
        roles=(SALES, BACK_OFFICE, ADMINISTRATOR),
    ),
)


def next_steps(user: User) -> Iterator[Step]:
    """The steps for the person's roles, in order."""
    return (step for step in STEPS if user.has_role(*step.roles))
