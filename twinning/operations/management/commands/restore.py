"""Command that restores a backup into an empty place."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from twinning.operations import restore

CLOSED = "The site is closed to the public. Staff can sign in. Look it through, then run: manage.py open_site"
NO_LOG = (
    "No log was named: whatever was withdrawn, taken down, revoked or deactivated after the backup has to be repeated."
)


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database and an empty VAR_DIR. The site stays closed to the public until "
        "“manage.py open_site”; all sessions and links have ended, and what was scheduled waits for an approver."
    )

    def add_arguments(self, parser):
        parser.add_argument("source", type=Path)
        parser.add_argument("--identity", default="", help="the file with the key of an encrypted backup")
        parser.add_argument(
            "--log", type=Path, help="a log of the site from after the backup: it names what was hidden since"
        )

    def handle(self, *, source: Path, identity: str, log: Path | None, **options):
        try:
            lines = log.read_text(errors="replace").splitlines() if log else []
        except OSError as error:
            raise CommandError(f"{log} cannot be read ({error.strerror}).") from error
        for line in restore.restore(source, identity=identity, log=lines, at=timezone.now()):
            self.stdout.write(line)
        if not log:
            self.stdout.write(NO_LOG)
        self.stdout.write(CLOSED)
