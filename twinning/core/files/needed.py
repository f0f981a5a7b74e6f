"""Stored files that something needs: records, working copies and the history, each file with its checksum."""

import hashlib
from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import default_storage

from twinning.core.files.private import PrivateFile
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy


def needed_files() -> Iterator[tuple[str, str, str]]:
    """The name of each file, its checksum, and its owner; records come last, so what they say of a file counts."""
    for model, owner in ((HistoryEvent, "the history"), (WorkingCopy, "a working copy")):
        for name, checksum in files_in_snapshots(model.objects.filter(snapshot__isnull=False)):
            yield name, checksum, owner
    for model in apps.get_models():
        if issubclass(model, PrivateFile):
            for name, checksum, pk in model._base_manager.values_list("file", "sha256", "pk").iterator():
                yield name, checksum, f"{model._meta.verbose_name} {pk}"


def problem(name: str, checksum: str, owner: str) -> str:
    """What is wrong with a needed file; empty if nothing is."""
    try:
        with default_storage.open(name) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return f"{name}: missing, needed by {owner}"
    return "" if found == checksum else f"{name}: not what it was, needed by {owner}"


def files_in_snapshots(rows) -> Iterator[tuple[str, str]]:
    """The names and checksums of the files in the snapshots of some rows.

    Snapshots in the history of a working copy have the same shape as all others.
    """
    for snapshot in rows.values_list("snapshot", flat=True).iterator():
        for parts in snapshot["parts"].values():
            for fields in (part["fields"] for part in parts):
                if "sha256" in fields:
                    yield fields["file"], fields["sha256"]
