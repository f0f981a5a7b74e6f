"""Log lines of what must not come back: pages and links that were taken from the public, and accounts that changed.

A backup knows nothing of what came after it. Who restores one finds these lines in the log of the site, and repeats the steps.
They name kind and number of a record and nothing of its content.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

log = logging.getLogger(__name__)

LINE = re.compile(r"To be repeated after a restore: (\w+) ([\w.]+) (\d+) at ([\dT:.+-]+)")


class Hiding(NamedTuple):
    """A step by which something was hidden, or an account changed."""

    what: str
    label: str  # of the model, such as “news.pressrelease”
    pk: int
    at: datetime


def write(what: str, label: str, pk: int, at: datetime) -> None:
    log.info("To be repeated after a restore: %s %s %s at %s", what, label, pk, at.isoformat())


def found_in(lines: Iterable[str], *, since: datetime) -> Iterator[Hiding]:
    """The steps after a moment that lines of a log tell, whatever stands before and behind them."""
    for line in lines:
        if (match := LINE.search(line)) and (at := datetime.fromisoformat(match[4])) > since:
            yield Hiding(match[1], match[2], int(match[3]), at)
