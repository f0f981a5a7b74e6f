"""Command that does what is owed, such as the sizes of new photos: a worker beside the web processes."""

import signal
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from twinning.core.web.tasks import do_owed

SECONDS_BETWEEN_LOOKS = 2


class Command(BaseCommand):
    help = (
        "Do the tasks that are owed, and go on looking for more until told to stop. With WORKER=on the web processes leave "
        "them to this command. Killed at any point, the task at hand is taken up again within five minutes."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *, once: bool, **options):
        if once:
            self.stdout.write(f"{do_owed()} tasks")
            return
        self.is_stopped = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.is_stopped:
            self.work()
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def work(self) -> None:
        try:
            close_old_connections()
            do_owed()
        except DatabaseError as error:
            self.stderr.write(f"What is owed waits for the database: {error}")

    def stop(self, *signal_and_frame) -> None:
        """End when the task at hand is done."""
        self.is_stopped = True
