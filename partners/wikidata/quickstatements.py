"""Commands for QuickStatements, the tool with which people add many statements to Wikidata at once."""

from collections.abc import Iterable

from partners.wikidata.comparing import Line
from partners.wikidata.statements import END, START, TWINNED, time_of

REFERENCE = "S854"  # the address of a page as the source


def commands(lines: Iterable[Line]) -> str:
    """A command a line: the statement with its dates and its source. One that is there gets only what it lacks."""
    return "".join(f"{_command(line)}\n" for line in lines)


def _command(line: Line) -> str:
    dates = [(START, line.since), (END, line.until)]
    known = [part for code, date in dates if date for part in (code, time_of(date))]
    parts = [line.item, TWINNED, line.other, *known]
    return "\t".join([*parts, REFERENCE, f'"{line.reference}"'])
