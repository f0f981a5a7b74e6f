"""Command that writes all that the site knows as files, for a council that leaves or wants to be able to."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from twinning.core.web import closing
from twinning.operations import leaving


class Command(BaseCommand):
    help = (
        "Write all that the site knows into a new folder, as files that people and other programs can read: a copy of the "
        "public site that any web server can serve, and, apart from it, every record with all fields, history and files. "
        "The folder is there whole or not at all. The site goes on."
    )

    def add_arguments(self, parser):
        parser.add_argument("target", type=Path, help="a folder that does not exist yet, or is empty")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--static", action="store_true", help="write the copy of the public site only")
        what.add_argument(
            "--subscribers", action="store_true", help="with the addresses of those who get press releases by mail"
        )

    def handle(self, *, target: Path, static: bool, subscribers: bool, **options):
        if closing.state():
            raise CommandError(
                "The site is closed, so there is nothing that the public can read. Open it first: open_site."
            )
        try:
            made = leaving.take_along(
                target.resolve(),
                at=timezone.now(),
                is_public_only=static,
                with_readers=subscribers,
                say=self.stdout.write,
            )
        except OSError as error:
            raise CommandError(f"Nothing was written: {error.strerror or error}") from error
        for address in made["broken"]:
            self.stderr.write(f"A public page links to {address}, where there is nothing.")
        for path in made["missing"]:
            self.stderr.write(f"The storage does not have the file of {path}.")
        self.stdout.write(f"{target}: {made['files']} files, {made['bytes']} bytes")
