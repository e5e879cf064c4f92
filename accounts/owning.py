"""Whose a row is that has an owner and a team."""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User


def mine(user: "User", prefix: str = "") -> Q:
    """A person's own rows, their teams', and those that came from elsewhere and belong to nobody yet."""
    teams = user.teams.values("pk")
    unowned = Q(**{f"{prefix}owner": None, f"{prefix}team": None})
    return Q(**{f"{prefix}owner": user}) | Q(**{f"{prefix}team__in": teams}) | unowned
