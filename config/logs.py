"""Filters of the log."""

import logging


class WithoutTraceback(logging.Filter):
    """Removes a record's traceback: an error that any client can cause must not fill the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True
