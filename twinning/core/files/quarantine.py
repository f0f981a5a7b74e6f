"""The quarantine: where stored files that nothing needs lie for a while before they are deleted.

They keep their names below a folder named for the day, which no record names and no address leads to.
"""

from datetime import date, timedelta

from django.core.files.storage import default_storage

FOLDER = "quarantine"
KEPT_FOR = timedelta(days=30)


def is_in(name: str) -> bool:
    return name.startswith(f"{FOLDER}/")


def put_away(name: str, *, on: date) -> None:
    """Move a stored file into the quarantine."""
    default_storage.move(name, f"{FOLDER}/{on.isoformat()}/{name}")


def put_back(kept: str) -> None:
    """Move a file of the quarantine to where it was."""
    default_storage.move(kept, own_name(kept))


def own_name(kept: str) -> str:
    """The name that a file of the quarantine had before."""
    return kept.split("/", 2)[2]


def is_over(kept: str, *, on: date) -> bool:
    """Whether a file has been in the quarantine for KEPT_FOR."""
    return date.fromisoformat(kept.split("/", 2)[1]) <= on - KEPT_FOR
