"""`manage.py makemessages`: Django's own, writing nothing that changes when no text did."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages

CREATED = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)


class Command(makemessages.Command):
    """Without places, dates and guesses: a new text comes without a translation, one that is gone leaves."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options | {"no_location": True, "no_obsolete": True})
        for folder in settings.LOCALE_PATHS:
            for field_set in Path(folder).glob("*/LC_MESSAGES/*.po"):
                field_set.write_text(CREATED.sub("", field_set.read_text()))
