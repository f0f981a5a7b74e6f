"""Command that compares the stored files with what needs them, in both directions: after a restore, and once in a while."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from twinning.core.files import quarantine
from twinning.core.files.needed import needed_files, problem
from twinning.core.files.removal import names_to_remove
from twinning.core.photos.library import Photo
from twinning.core.web.tasks import OwedTask

# A younger file may belong to a form that is being saved.
LEAST_AGE = timedelta(days=1)
# Of all files. If more are left over, the command may have been pointed at another database.
MOST_SWEPT = 0.05
TOO_MANY = (
    "Nothing was changed: %s files would go, which is more than 5 %% of all, or the database knows no file. Is it the right "
    "database? Look at the list above; if it is right, run the command again with --sweep --yes."
)


class Command(BaseCommand):
    help = (
        "Compare the uploads with the records that need them: files that are missing or changed, files that nothing needs, "
        "and sizes of photos that are owed. What working copies and the history name is needed too. Changes nothing unless "
        "told to. Ends with 1 if something is wrong."
    )

    def add_arguments(self, parser):
        sweep_help = (
            "put files older than a day that nothing needs into quarantine, and delete what was put there 30 days ago"
        )
        parser.add_argument("--sweep", action="store_true", help=sweep_help)
        parser.add_argument("--yes", action="store_true", help="sweep even more than 5 %% of all files")
        parser.add_argument("--put-back", action="store_true", help="take out of quarantine what is needed after all")

    def handle(self, *, sweep: bool, yes: bool, put_back: bool, **options):
        # Files first: an upload from now on is neither missing nor left over.
        everything = set(default_storage.names())
        kept = {name for name in everything if quarantine.is_in(name)}
        stored, self.done = everything - kept, []
        needed = {name: (checksum, owner) for name, checksum, owner in needed_files()}
        if put_back:
            self.put_back(kept, missing=needed.keys() - stored)
        problems = list(filter(None, (problem(name, *needed[name]) for name in sorted(needed))))
        orphans = [name for name in sorted(stored - needed.keys() - names_to_remove()) if self.is_old(name)]
        is_refused = sweep and not yes and orphans and not (needed and len(orphans) <= MOST_SWEPT * len(stored))
        problems += [] if sweep and not is_refused else [f"{name}: needed by nothing" for name in orphans]
        for line in problems + self.failures():
            self.stdout.write(line)
        if is_refused:
            raise CommandError(TOO_MANY % len(orphans))
        if sweep:
            self.sweep(orphans, kept)
        facts = [f"{len(stored)} files", f"{len(needed)} needed", f"{len(problems)} wrong", *self.done, *self.owed()]
        if problems:
            raise CommandError(", ".join(facts))
        self.stdout.write(", ".join(facts))

    def sweep(self, orphans: list[str], kept: set[str]) -> None:
        """Put away what nothing needs, and delete what was put away long ago."""
        today = timezone.localdate()
        over = [name for name in kept if quarantine.is_over(name, on=today)]
        for name in orphans:
            quarantine.put_away(name, on=today)
        for name in over:
            default_storage.delete(name)
        self.done += [f"{len(orphans)} put into quarantine", f"{len(over)} deleted"]

    def put_back(self, kept: set[str], *, missing: set[str]) -> None:
        """Take out of quarantine what is needed and missing."""
        returned = {quarantine.own_name(name): name for name in sorted(kept) if quarantine.own_name(name) in missing}
        for name in returned.values():
            quarantine.put_back(name)
        self.done += [f"{len(returned)} put back"]

    def failures(self) -> list[str]:
        """The tasks that failed and will be tried again."""
        return [f"{owed} failed {owed.attempts} times: {owed.failure}" for owed in OwedTask.objects.exclude(failure="")]

    def owed(self) -> list[str]:
        """What is still to be made of photos, whichever backend knows of it."""
        owing = sum(1 for photo in Photo.objects.iterator() if photo.missing_renditions())
        return [f"sizes of {owing} photos owed"] if owing else []

    def is_old(self, name: str) -> bool:
        try:
            return default_storage.get_modified_time(name) < timezone.now() - LEAST_AGE
        except FileNotFoundError:
            return False
