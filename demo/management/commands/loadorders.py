"""`manage.py loadorders N`: store N invented orders, for development and measurements."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.loading import load


class Command(BaseCommand):
    help = "Put invented orders into the database, as if they had come from Covage. Harmless to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, help="how many")
        parser.add_argument("--seed", type=int, default=1, help="the seed of the random numbers (1)")
        parser.add_argument("--yes", action="store_true", help="do it even where DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["yes"]):
            raise CommandError(
                "DEBUG is off, so people may be working here: invented orders would be mixed with theirs. "
                "Nothing was done. Say --yes if you mean it."
            )
        if options["count"] < 1:
            raise CommandError("Ask for at least one order. Nothing was done.")
        load(options["count"], options["seed"], lambda loaded: self.stdout.write(f"{loaded} orders"))
