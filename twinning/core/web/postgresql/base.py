"""Django's PostgreSQL, for which no request waits long.

PostgreSQL keeps limits of its own, but a server that is frozen or cut off cannot. And while it does not answer, a site whose
threads all wait for it does not answer either: one of them tries again from time to time, the others fail at once.
"""

from contextlib import suppress
from functools import partial
from time import monotonic

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base

# Seconds.
HEALTH_CHECK = 3
PAUSE = 1
CANCELLING = 1


class Outage:
    """What a process knows about a database that does not answer."""

    def __init__(self):
        self._is_on, self._next_attempt = False, 0.0

    def connect(self, connect, *, lasting: float):
        """A new connection; fails at once while a connection has just failed, or while another thread tries."""
        if self._is_on:
            if monotonic() < self._next_attempt:
                raise psycopg.OperationalError("the database did not answer a moment ago")
            self._next_attempt = monotonic() + lasting
        try:
            connection = connect()
        except psycopg.OperationalError:
            self.begin()
            raise
        self._is_on = False
        return connection

    def begin(self) -> None:
        self._is_on, self._next_attempt = True, monotonic() + PAUSE


OUTAGE = Outage()


class DatabaseWrapper(base.DatabaseWrapper):
    """Database engine; ``patience`` is how many seconds a request waits for one answer. Commands wait for as long as it takes."""

    patience: float | None = None

    def get_new_connection(self, conn_params):
        connect = partial(super().get_new_connection, conn_params)
        lasting = conn_params.get("connect_timeout", HEALTH_CHECK)
        connection = OUTAGE.connect(connect, lasting=lasting) if self.patience else connect()
        connection.wait = partial(self._wait, connection, connection.wait)
        return connection

    def _commit(self):
        """End a transaction; an error says whether it ``may_be_saved``: PostgreSQL had heard, and its answer was lost."""
        try:
            super()._commit()
        except OperationalError as error:
            error.may_be_saved = self.connection.closed
            raise

    def is_usable(self):
        usual, self.patience = self.patience, self.patience and HEALTH_CHECK
        try:
            return super().is_usable()
        finally:
            self.patience = usual

    def _wait(self, connection, wait, generator, timeout=None, **options):
        if timeout or not self.patience:
            return wait(generator, timeout=timeout, **options)
        try:
            return wait(generator, timeout=self.patience, **options)
        except psycopg.errors._WaitTimeout:
            self._give_up(connection)
            raise psycopg.OperationalError(f"the database did not answer within {self.patience} seconds") from None

    def _give_up(self, connection) -> None:
        """Stop the question in a server that is only slow, and close the connection, in which an answer may still come."""
        if self.patience == HEALTH_CHECK:
            OUTAGE.begin()
        else:
            with suppress(psycopg.Error):
                connection.cancel_safe(timeout=CANCELLING)
        connection.close()
