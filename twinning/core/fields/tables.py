"""Tables of pasted text: those that show data, and those that only arrange a page."""

from twinning.core.fields import styles
from twinning.core.fields.markup import Element

_WIDEST = 100
_GROUPS = ("thead", "tbody", "tfoot")
# Name, attributes, and the element whose text a cell has; None to fill up a short row.
Cell = tuple[str, str, Element | None]


def rows_of_data(table: Element) -> list[list[Cell]]:
    """The rows of a table, with the cells that are shown; none of a table that only arranges a page.

    Data has two rows and two columns at least, no heading and no table inside.
    """
    rows, hidden = _rows(table), _hidden_columns(table)
    if len(rows) < 2 or table.given.get("role") in ("none", "presentation"):
        return []
    if any(row.elements("table", "h1", "h2", "h3", "h4", "h5", "h6") for row, _is_head in rows):
        return []
    placed, below = [], {}
    for number, (row, is_head) in enumerate(rows):
        below = {column: left - 1 for column, left in below.items() if left > 1}
        cells = _cells(row, below, hidden)
        if is_head or (number == 0 and _are_bold(cells)):
            cells = [("th", spans, cell) for _name, spans, cell in cells]
        placed.append((cells, len(set(below) - hidden)))
    widest = max(width for _cells_of_row, width in placed)
    if widest < 2:
        return []
    return [cells + [("td", "", None)] * (widest - width) for cells, width in placed]


def _rows(table: Element) -> list[tuple[Element, bool]]:
    """The rows with whether they stand in the head of the table."""
    groups = [(child, child.tag == "thead") for child in table.inside if isinstance(child, Element)]
    rows = [(child, False) for child, _is_head in groups if child.tag == "tr"]
    return rows + [
        (row, is_head) for group, is_head in groups if group.tag in _GROUPS for row in _children(group, "tr")
    ]


def _children(element: Element, *tags: str) -> list[Element]:
    return [child for child in element.inside if isinstance(child, Element) and child.tag in tags]


def _number(value: str | None) -> int:
    return min(max(1, int(value[:4])), _WIDEST) if value and value[:4].isascii() and value[:4].isdecimal() else 1


def _hidden_columns(table: Element) -> set[int]:
    hidden, at = set(), 0
    for column in table.elements("col"):
        wide = _number(column.given.get("span"))
        if column.is_hidden or column.given.get("width") == "0":
            hidden.update(range(at, at + wide))
        at += wide
    return hidden


def _cells(row: Element, below: dict[int, int], hidden: set[int]) -> list[Cell]:
    """The cells of a row that are shown. ``below`` has the columns with a cell of an earlier row, and gets those of this."""
    cells, at = [], 0
    for cell in _children(row, "td", "th"):
        while at in below:
            at += 1
        wide, high = _number(cell.given.get("colspan")), _number(cell.given.get("rowspan"))
        columns = set(range(at, at + wide))
        below |= dict.fromkeys(columns, high)
        at += wide
        if (shown := len(columns - hidden)) and not cell.is_hidden:
            cells.append((cell.tag, f' colspan="{shown}"' * (shown > 1) + f' rowspan="{high}"' * (high > 1), cell))
    return cells


def _are_bold(cells: list[Cell]) -> bool:
    """Whether all text of a row is bold: a row of headers, in programs that have no others."""
    return set().union(*(_bold_parts(cell, False) for _name, _spans, cell in cells)) == {True}


def _bold_parts(element: Element, bold: bool) -> set[bool]:
    bold = styles.bold(element.tag, element.style, bold)
    parts = {bold for child in element.inside if isinstance(child, str) and child.strip()}
    return parts.union(*(_bold_parts(child, bold) for child in element.inside if isinstance(child, Element)))
