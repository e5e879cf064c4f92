"""`manage.py sandbox`: the same as `python -m sandbox`."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sandbox.command import add_arguments, run


class Command(BaseCommand):
    help = "Run a stand-in for the vendor's APIs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        run(argparse.Namespace(**options))
