"""Command that reads a whole backup and says whether it is what was written."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management.base import BaseCommand

from twinning.operations import archive, dumps


class Command(BaseCommand):
    help = "Read a whole backup and compare all that is in it with its checksums. Ends with 1 if something is wrong."

    def add_arguments(self, parser):
        parser.add_argument("source", type=Path)
        parser.add_argument("--identity", default="", help="the file with the key of an encrypted backup")

    def handle(self, *, source: Path, identity: str, **options):
        with TemporaryDirectory(prefix="verifying-", dir=source.absolute().parent) as folder:
            manifest = archive.read(source, identity=identity, into=Path(folder), only=archive.DATABASE)
            dumps.check(Path(folder) / archive.DATABASE, engine=manifest["engine"])
        facts = f"{len(manifest['members']) - 1} files, {manifest['engine']}"
        self.stdout.write(f"{source}: whole, made at {manifest['made_at']}, {facts}")
