"""The base of the commands that import from a spreadsheet; without --write they only say what they would do."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from twinning.core.accounts import User
from twinning.core.imports.columns import match, rows_of
from twinning.core.imports.importing import Importer
from twinning.core.imports.plans import Outcome, Plan, Row
from twinning.core.spreadsheets.files import read
from twinning.core.spreadsheets.making import csv_of
from twinning.core.spreadsheets.sheets import NotReadable, Sheet


class ImportCommand(BaseCommand):
    """Base of a command that imports records of the kind of its ``importer``."""

    importer: type[Importer]
    help = (
        "Import records from a CSV file, an Excel workbook (.xlsx) or an OpenDocument spreadsheet (.ods). Says for each row "
        "what would become of it: new, changed with the differences, unchanged, or refused with the reason. Only with --write "
        "are the new and changed ones written: as drafts, and as working copies of what is public."
    )

    @property
    def kinds(self) -> str:
        return str(self.importer.model._meta.verbose_name_plural)

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="the spreadsheet; the first row has the names of the columns")
        parser.add_argument("--by", metavar="NAME", help="the login of the person who imports")
        parser.add_argument("--write", action="store_true", help="write what is new and changed")
        parser.add_argument("--doubles", action="store_true", help="write what is probably there already, too")
        parser.add_argument("--template", action="store_true", help="print a CSV file with all columns and an example")

    def handle(self, *, file: str | None, by: str | None, write: bool, doubles: bool, template: bool, **options):
        if template:
            self.stdout.write(csv_of(rows_of(self.importer.targets)), ending="")
            return
        if not file:
            raise CommandError("Name the spreadsheet, or ask for --template.")
        person = User.objects.filter(username=by, is_active=True).first()
        if write and not person:
            raise CommandError(f"Say with --by who imports: the login of somebody who can edit {self.kinds}.")
        try:
            sheet = self.read(Path(file))
            with transaction.atomic():
                self.run(sheet, Path(file).name, by=person if write else None, doubles=doubles)
        except NotReadable as error:
            raise CommandError(" ".join(error.messages)) from None
        except PermissionDenied:
            raise CommandError(f"{by} has no right to add or change {self.kinds}. Nothing was written.") from None

    def read(self, path: Path) -> Sheet:
        try:
            with path.open("rb") as opened:
                return read(opened, path.stat().st_size)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None

    def run(self, sheet: Sheet, file_name: str, *, by: User | None, doubles: bool) -> None:
        """Print the plan, and carry it out if somebody does."""
        importer = self.importer(at=timezone.now(), lock=bool(by))
        plan = importer.plan(sheet, match(sheet.header, importer.targets))
        self.print_plan(plan)
        if not by:
            self.stdout.write("Nothing is written. Run it again with --write --by NAME.")
        elif batch := importer.write(plan, file_name=file_name, by=by, with_doubles=doubles):
            self.stdout.write(
                f"{len(batch.records)} {self.kinds} written: drafts, and working copies of what is public."
            )
        else:
            self.stdout.write("Nothing to write.")

    def print_plan(self, plan: Plan) -> None:
        for name in plan.unknown:
            self.stdout.write(f"Column “{name}” is not known, and left out.")
        for row in plan.rows:
            self.print_row(row)
        self.stdout.write(", ".join(f"{number} {outcome.label}" for outcome, number in plan.counts.items()))

    def print_row(self, row: Row) -> None:
        self.stdout.write(f"Row {row.number}, {row.name}: {row.outcome.label}")
        for label, reason in row.problems:
            self.stdout.write(f"  {label}: {reason}" if label else f"  {reason}")
        for name, _key in row.doubles:
            self.stdout.write(f"  Probably the same as {name}; it is left out without --doubles.")
        for label, value, source in row.proposed:
            self.stdout.write(f"  {label}: proposed from {source}: {value}")
        for label, old, new in row.differences if row.outcome == Outcome.CHANGED else ():
            self.stdout.write(f"  {label}: “{old}” → “{new}”")
