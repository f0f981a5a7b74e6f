"""Two clocks, the machine's and the database's: while they differ, the earlier one says what is public.

Nothing then becomes public before both have reached its moment. See docs/adr/0019.
"""

import time
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection

# Seconds.
MOST_DIFFERENCE = 2
COMPARED_EVERY = 60


class Clocks:
    """How far this machine is ahead of the database, in seconds, as it was found when they were compared.

    They are compared once a minute, and at once when somebody has set the clock of the machine.
    """

    def __init__(self):
        self.ahead, self._lock = 0.0, Lock()
        self._next_comparison, self._setting = 0.0, 0.0

    def earlier(self, at: datetime) -> datetime:
        """A moment of this machine's clock, or of the database's if that is earlier."""
        setting = time.time() - time.monotonic()
        is_set_anew = abs(setting - self._setting) > MOST_DIFFERENCE / 2
        if (is_set_anew or time.monotonic() > self._next_comparison) and self._lock.acquire(blocking=is_set_anew):
            try:
                self._compare(setting)
            finally:
                self._lock.release()
        return at - timedelta(seconds=self.ahead) if self.ahead > MOST_DIFFERENCE else at

    @property
    def differ(self) -> bool:
        return abs(self.ahead) > MOST_DIFFERENCE

    def _compare(self, setting: float) -> None:
        self.ahead = ahead_of_database()
        self._setting, self._next_comparison = setting, time.monotonic() + COMPARED_EVERY


def ahead_of_database() -> float:
    """How many seconds this machine is ahead of the database; SQLite has no clock of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0].timestamp()
    # The answer may have taken a while, and its moment lies anywhere between.
    return max(before - there, 0.0) + min(time.time() - there, 0.0)


CLOCKS = Clocks()
