"""Compares the files with what needs them, in both directions: after a restore, and once in a while."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from twinning.core.copies import WorkingCopy
from twinning.core.files import PrivateFile
from twinning.core.history import HistoryEvent

# Whatever is younger may belong to a form that is being saved.
YOUNG = timedelta(days=1)


class Command(BaseCommand):
    help = (
        "Compare the uploads with the records that need them: files that are missing or changed, and files that nothing "
        "needs. What working copies and the history name is needed too. Ends with 1 if something is wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument("--sweep", action="store_true", help="remove files older than a day that nothing needs")

    def handle(self, *, sweep: bool, **options):
        # Files first: what is uploaded from now on is neither missing nor left over.
        there = set(default_storage.names())
        needed = {name: (checksum, who) for name, checksum, who in self.needed()}
        faults = list(filter(None, (self.fault(name, *needed[name]) for name in sorted(needed))))
        orphans = [name for name in sorted(there - needed.keys()) if self.is_old(name)]
        for name in orphans:
            if sweep:
                default_storage.delete(name)
            faults += [] if sweep else [f"{name}: needed by nothing"]
        for fault in faults:
            self.stdout.write(fault)
        removed = f", {len(orphans)} removed" if sweep else ""
        said = f"{len(there)} files, {len(needed)} needed, {len(faults)} wrong{removed}"
        if faults:
            raise CommandError(said)
        self.stdout.write(said)

    def needed(self) -> Iterator[tuple[str, str, str]]:
        """The name of each file, its checksum, and what needs it; what records say comes last and so counts."""
        for kind, who in ((HistoryEvent, "the history"), (WorkingCopy, "a working copy")):
            for name, checksum in named_in(kind.objects.filter(snapshot__isnull=False)):
                yield name, checksum, who
        for model in apps.get_models():
            if issubclass(model, PrivateFile):
                for name, checksum, pk in model._base_manager.values_list("file", "sha256", "pk").iterator():
                    yield name, checksum, f"{model._meta.verbose_name} {pk}"

    def fault(self, name: str, checksum: str, who: str) -> str:
        """What is wrong with a file that is needed; empty if nothing is."""
        try:
            with default_storage.open(name) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return f"{name}: missing, needed by {who}"
        return "" if found == checksum else f"{name}: not what it was, needed by {who}"

    def is_old(self, name: str) -> bool:
        try:
            return default_storage.get_modified_time(name) < timezone.now() - YOUNG
        except FileNotFoundError:
            return False


def named_in(rows) -> Iterator[tuple[str, str]]:
    """The files that snapshots name, with their checksums; those of a working copy's history are shaped like all others."""
    for snapshot in rows.values_list("snapshot", flat=True).iterator():
        for parts in snapshot["parts"].values():
            for fields in (part["fields"] for part in parts):
                if "sha256" in fields:
                    yield fields["file"], fields["sha256"]
