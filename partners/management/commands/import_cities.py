"""Command that imports cities with their partnerships from a spreadsheet; without --write it only says what it would do."""

from partners.imports.cities import CityImporter
from twinning.core.imports.command import ImportCommand


class Command(ImportCommand):
    importer = CityImporter
