"""`manage.py sync [kind …] [--full]`: bring Carnet up to date with Covage. Exit status 1 when that failed."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from covage import CovageError
from portal.operations.syncs import SYNCS, configured_kinds
from sync import runs
from sync.leases import Taken
from sync.models import SyncRun

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Bring Carnet up to date with Covage: everything from the configured APIs, or only the kinds named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", choices=[*SYNCS, []], metavar="kind", help=", ".join(SYNCS))
        parser.add_argument(
            "--full", action="store_true", help="read everything, not only what may have changed"
        )

    def handle(self, *args: Any, kinds: list[str], full: bool, **options: Any) -> None:
        if missing := [kind for kind in kinds if kind not in configured_kinds()]:
            raise CommandError(
                f"{', '.join(missing)}: the API this comes from isn't configured (COVAGE_API_URL, EXTRANET_API_URL)."
                " Nothing was read."
            )
        failed = False
        for kind in kinds or configured_kinds():
            try:
                run = runs.run(kind, SYNCS[kind], full=full)
            except Taken:
                self.stderr.write(f"{kind}: this sync is already under way.")
                failed = True
            except CovageError as error:
                logger.warning("The sync of %s stopped: %s", kind, error)
                self.stderr.write(f"{kind}: {_why(kind)}")
                failed = True
            else:
                counts = f"{run.seen} seen, {run.changed} changed, {run.gone} gone"
                self.stdout.write(f"{kind}: {counts}, {run.seconds:.1f} s.")
        if failed:
            raise CommandError("Not everything is up to date; what was stored before is kept.")


def _why(kind: str) -> str:
    """Why the newest run of a kind failed, and what Covage's support asks for to look into it."""
    newest = SyncRun.objects.filter(kind=kind).order_by("-started_at", "-id").first()
    if newest is None:
        return ""
    reference = f" (support reference: {newest.request_uuid})" if newest.request_uuid else ""
    return f"{newest.failure_sentence}{reference}"
