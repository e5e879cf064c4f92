"""Whose a row is that has an owner and a team, and to whom it may be given."""

from django.db.models import Q, QuerySet

from accounts.models import Team, User
from accounts.roles import ADMINISTRATOR


def mine(user: User, prefix: str = "") -> Q:
    """A person's own rows, their teams', and those that came from elsewhere and belong to nobody yet."""
    teams = user.teams.values("pk")
    unowned = Q(**{f"{prefix}owner": None, f"{prefix}team": None})
    return Q(**{f"{prefix}owner": user}) | Q(**{f"{prefix}team__in": teams}) | unowned


def only_team(user: User) -> Team | None:
    """The team that what a person begins is most likely for: the one they are in, if it is just one."""
    teams = list(user.teams.all()[:2])
    return teams[0] if len(teams) == 1 else None


def teams_for(user: User, held_by: int | None = None) -> "QuerySet[Team]":
    """The teams that a person may give a row to: their own, and the one that has it; administrators: any."""
    if ADMINISTRATOR in user.roles:
        return Team.objects.all()
    return Team.objects.filter(pk__in=[*user.team_ids, held_by])


def owners_for(user: User, held_by: int | None) -> "QuerySet[User]":
    """Whom a person may hand a row over to: team mates, oneself, whoever has it; administrators: anyone."""
    active = User.objects.filter(is_active=True)
    if ADMINISTRATOR in user.roles:
        return active
    mates = User.objects.filter(teams__in=user.team_ids).values("pk")
    return active.filter(Q(pk__in=[user.pk, held_by]) | Q(pk__in=mates))
