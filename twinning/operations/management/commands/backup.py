"""Command that makes a backup of the site while it is in use."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from twinning.core.web import closing
from twinning.operations import backup


class Command(BaseCommand):
    help = (
        "Write a backup of the database and of all uploads into one file, while the site goes on. It is there whole or not "
        "at all, and encrypted if BACKUP_RECIPIENT says for whom."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "target", type=Path, help="a folder, in which the backup is named for the moment, or a new file"
        )
        parser.add_argument("--keep", type=int, help="keep so many backups in the folder, and delete older ones")

    def handle(self, *, target: Path, keep: int | None, **options):
        at, folder = timezone.now(), target
        if keep is not None and (keep < 1 or not folder.is_dir()):
            raise CommandError("--keep needs a number from 1 on, and a folder.")
        if closing.state() == closing.RESTORING:
            raise CommandError("A restore did not end here: there is nothing whole to back up.")
        if target.is_dir():
            ending = ".tar.age" if settings.BACKUP_RECIPIENT else ".tar"
            target = target / f"twinning-{at:%Y%m%dT%H%M%SZ}{ending}"
        if target.exists():
            raise CommandError(f"{target} is there already.")
        try:
            made = backup.make(target.resolve(), at=at)
            over = backup.forget_older(folder, keep=keep, at=at) if keep else []
        except OSError as error:
            raise CommandError(f"Nothing was written: {error.strerror or error}") from error
        self.stdout.write(f"{target}: {made['files']} files, {made['bytes']} bytes")
        for name in over:
            self.stdout.write(f"deleted: {name}")
