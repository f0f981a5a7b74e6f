"""Command that imports press releases from a spreadsheet; without --write it only says what it would do."""

from news.imports import ReleaseImporter
from twinning.core.imports.command import ImportCommand


class Command(ImportCommand):
    importer = ReleaseImporter
