"""What a user may want to do next, by role: the home page's tiles."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, SALES


@dataclass(frozen=True)
class NextStep:
    title: Promise
    text: Promise
    action: Promise
    url_name: str
    roles: tuple[str, ...]

    @property
    def url(self) -> str:
        return reverse(self.url_name)


STEPS = (
    NextStep(
        title=_("People and teams"),
        text=_("Open an account for a colleague, give a role, group people who share carts into a team."),
        action=_("Manage people"),
        url_name="admin:accounts_user_changelist",
        roles=(ADMINISTRATOR,),
    ),
    NextStep(
        title=_("Secure your account"),
        text=_("Require a code from your phone at sign-in: a password alone can be guessed or stolen."),
        action=_("Set up two-factor authentication"),
        url_name="mfa_index",
        roles=(SALES, BACK_OFFICE, ADMINISTRATOR),
    ),
)


def next_steps(user: User) -> Iterator[NextStep]:
    """The steps for the user's roles, in order."""
    return (step for step in STEPS if user.has_role(*step.roles))
