"""The log formatter: one line for what a visitor did wrong; no secret addresses, of previews, quotes, alerts, calendars or
passwords, and nothing about persons."""

import json
import logging
import re
from datetime import UTC, datetime

from twinning.core.web import request_ids

_SECRET = re.compile(r"(/preview/|/quotes/|/admin/password/key/|/alerts/(?:confirm|mine|stop)/|/calendar/)[\w-]+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# In the message of an exception: what stands in quotation marks or brackets, which may be what somebody typed; the names of
# columns and constraints, and numbers of hosts, stay.
_CONTENT = re.compile(
    r"\"(?![a-z0-9]+(_[a-z0-9]+)+\"|[\d.:]+\")[^\"]*\"|'.*'|“[^”]*”|\{.*\}|\(.*\)|(?<=^LINE )\d+:.*|<.*>"
)


class Formatter(logging.Formatter):
    """Log formatter: leaves out secret parts of addresses, mail addresses, and all that an exception quotes; times are UTC."""

    def format(self, record):
        _forget_traceback_of_visitors(record)
        return _without_secrets(super().format(record))

    def formatMessage(self, record):
        return super().formatMessage(record) + (f" (request {number})" if (number := request_ids.current()) else "")

    def formatTime(self, record, datefmt=None):
        return _moment(record)

    def formatException(self, ei):
        lines = super().formatException(ei).splitlines()
        # Indented are the lines of the program.
        return "\n".join(line if line.startswith((" ", "Traceback ")) else without_content(line) for line in lines)


class JsonFormatter(Formatter):
    """Log formatter: the same as one line of JSON for each event, for programs that collect logs."""

    def format(self, record):
        _forget_traceback_of_visitors(record)
        said = {"at": _moment(record), "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if number := request_ids.current():
            said["request"] = number
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps({name: _without_secrets(text) for name, text in said.items()}, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _forget_traceback_of_visitors(record: logging.LogRecord) -> None:
    if getattr(record, "status_code", 500) < 500:
        record.exc_info = record.exc_text = None


def _without_secrets(text: str) -> str:
    return _MAIL.sub("…@…", _SECRET.sub(r"\1…", text))


def without_content(message: str) -> str:
    """The message of an exception without what it quotes: a third party's may quote a name or a letter."""
    return _CONTENT.sub("…", message)
