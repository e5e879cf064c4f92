"""`manage.py makemessages`: Django's own, writing nothing that changes when no text did."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages

CREATED = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)


class Command(makemessages.Command):
    """Without locations, dates and guesses: a new text is added untranslated, one that is gone is removed."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options | {"no_location": True, "no_obsolete": True})
        for folder in settings.LOCALE_PATHS:
            for catalog in Path(folder).glob("*/LC_MESSAGES/*.po"):
                catalog.write_text(CREATED.sub("", catalog.read_text()))
