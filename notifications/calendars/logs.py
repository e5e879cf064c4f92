"""Keeping the secrets of calendar addresses out of the log."""

import logging
import re

_FEED = re.compile(r"/calendar/[^/\s]+\.ics")


class WithoutSecrets(logging.Filter):
    """Removes the secret from addresses of calendars: anyone who has it can read the calendar."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/calendar/" in text:
            record.msg, record.args = _FEED.sub("/calendar/….ics", text), ()
        return True
