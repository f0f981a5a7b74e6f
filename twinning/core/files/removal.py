"""Removing stored files that no record has any more: an hour later, and owed until then.

Nothing serves a file without a record, so it is out of reach at once. A backup that copies the database first and the files
after it still finds all that its records name.
"""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.tasks import task
from django.utils import timezone

from twinning.core.web.tasks import OwedTask

KEPT_FOR = timedelta(hours=1)


# Not every backend can wait, so this one is always owed by a row.
@task(backend="owed")
def remove(*names: str) -> None:
    """Remove stored files."""
    for name in names:
        default_storage.delete(name)


def remove_later(names: list[str]) -> None:
    """Owe the removal of files, in the transaction in which their records go."""
    remove.using(run_after=timezone.now() + KEPT_FOR).enqueue(*names)


def put_off() -> None:
    """Move removals that are due soon by KEPT_FOR: a backup that takes longer still finds all that its database names."""
    now = timezone.now()
    OwedTask.objects.of(remove).filter(due_at__lt=now + KEPT_FOR / 2).update(due_at=now + KEPT_FOR)


def names_to_remove() -> set[str]:
    """The names of the files that are to be removed."""
    return {name for arguments in OwedTask.objects.of(remove).values_list("arguments", flat=True) for name in arguments}
