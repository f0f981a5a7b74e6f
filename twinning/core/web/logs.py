"""The log formatter: one line for what a visitor did wrong; no secret addresses, of previews or of links to choose a password,
and nothing about persons."""

import logging
import re

_SECRET = re.compile(r"(/preview/|/admin/password/key/|/alerts/(?:confirm|mine|stop)/)[\w-]+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# In the message of an exception: what stands in quotation marks or brackets, which may be what somebody typed; the names of
# columns and constraints, and numbers of hosts, stay.
_CONTENT = re.compile(
    r"\"(?![a-z0-9]+(_[a-z0-9]+)+\"|[\d.:]+\")[^\"]*\"|'.*'|“[^”]*”|\{.*\}|\(.*\)|(?<=^LINE )\d+:.*|<.*>"
)


class Formatter(logging.Formatter):
    """Log formatter: leaves out secret parts of addresses, mail addresses, and all that an exception quotes."""

    def format(self, record):
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return _MAIL.sub("…@…", _SECRET.sub(r"\1…", super().format(record)))

    def formatException(self, ei):
        lines = super().formatException(ei).splitlines()
        # Indented are the lines of the program.
        return "\n".join(line if line.startswith((" ", "Traceback ")) else without_content(line) for line in lines)


def without_content(message: str) -> str:
    """The message of an exception without what it quotes: a third party's may quote a name or a letter."""
    return _CONTENT.sub("…", message)
