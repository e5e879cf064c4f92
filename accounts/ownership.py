"""Rows with an owner and a team: whose they are, and to whom they may be given."""

from django.db.models import Q, QuerySet

from accounts.models import Team, User
from accounts.roles import ADMINISTRATOR


def mine(user: User, prefix: str = "") -> Q:
    """The condition of a person's own rows, their teams', and those from outside Carnet that have no owner yet."""
    teams = user.teams.values("pk")
    unowned = Q(**{f"{prefix}owner": None, f"{prefix}team": None})
    return Q(**{f"{prefix}owner": user}) | Q(**{f"{prefix}team__in": teams}) | unowned


def only_team(user: User) -> Team | None:
    """Returns the team that a person's new rows are most likely for: the one they are in, if it is just one."""
    teams = list(user.teams.all()[:2])
    return teams[0] if len(teams) == 1 else None


def teams_for(user: User, current: int | None = None) -> "QuerySet[Team]":
    """Returns the teams that a person may give a row to: their own, and the one that has it; for administrators any."""
    if ADMINISTRATOR in user.roles:
        return Team.objects.all()
    return Team.objects.filter(pk__in=[*user.team_ids, current])


def owners_for(user: User, current: int | None) -> "QuerySet[User]":
    """Returns whom a person may give a row to: team mates, themselves, its owner; for administrators anyone."""
    active = User.objects.filter(is_active=True)
    if ADMINISTRATOR in user.roles:
        return active
    mates = User.objects.filter(teams__in=user.team_ids).values("pk")
    return active.filter(Q(pk__in=[user.pk, current]) | Q(pk__in=mates))
