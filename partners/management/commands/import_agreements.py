"""Command that imports agreements from a spreadsheet; without --write it only says what it would do."""

from partners.imports.agreements import AgreementImporter
from twinning.core.imports.command import ImportCommand


class Command(ImportCommand):
    importer = AgreementImporter
