"""People for the demo: one of each role and two teams, all with the same password."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Team, User
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, SALES

PASSWORD = "carnet-demo"
PEOPLE = (
    ("sales1", "Salomé", "Vasseur", SALES),
    ("sales2", "Samir", "Lefort", SALES),
    ("back1", "Béatrice", "Odier", BACK_OFFICE),
    ("admin1", "Adrien", "Maurel", ADMINISTRATOR),
)
TEAMS = {"Nord": ("sales1", "back1"), "Sud": ("sales2",)}


class Command(BaseCommand):
    help = "Create the people and teams of the demo. Harmless to repeat. Only where DEBUG is on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo's password is public: demousers works only where DEBUG is on. Nothing was changed."
            )
        with transaction.atomic():
            people = {username: _person(username, *rest) for username, *rest in PEOPLE}
            for name, members in TEAMS.items():
                team, _created = Team.objects.get_or_create(name=name)
                team.members.add(*(people[member] for member in members))
        self.stdout.write(f"{', '.join(people)} can sign in with the password {PASSWORD}.")


def _person(username: str, first_name: str, last_name: str, role: str) -> User:
    defaults = {"first_name": first_name, "last_name": last_name, "email": f"{username}@example.test"}
    person, created = User.objects.get_or_create(username=username, defaults=defaults)
    if created:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    person.groups.add(Group.objects.get(name=role))
    return person
