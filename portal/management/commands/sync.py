"""`manage.py sync [kind …] [--full]`: bring the mirror in step. Exit status 1 when that failed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from covage import CovageError
from portal.operations.syncs import SYNCS, configured_kinds
from sync import runs
from sync.leases import Taken


class Command(BaseCommand):
    help = "Bring the mirror in step with the vendor: everything of the APIs configured, or only the kinds named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", choices=[*SYNCS, []], metavar="kind", help=", ".join(SYNCS))
        parser.add_argument(
            "--full", action="store_true", help="read everything, not only what may have changed"
        )

    def handle(self, *args: Any, kinds: list[str], full: bool, **options: Any) -> None:
        if mute := [kind for kind in kinds if kind not in configured_kinds()]:
            raise CommandError(
                f"{', '.join(mute)}: the API that tells this is not configured (COVAGE_API_URL, EXTRANET_API_URL)."
                " Nothing was read."
            )
        failed = False
        for kind in kinds or configured_kinds():
            try:
                row = runs.run(kind, SYNCS[kind], full=full)
            except Taken:
                self.stderr.write(f"{kind}: such a sync is under way already.")
                failed = True
            except CovageError as error:
                self.stderr.write(f"{kind}: {error}")
                failed = True
            else:
                told = f"{row.seen} seen, {row.changed} changed, {row.gone} gone, {row.seconds:.1f} s."
                self.stdout.write(f"{kind}: {told}")
        if failed:
            raise CommandError("Not everything is in step; what was stored before stays as it was.")
