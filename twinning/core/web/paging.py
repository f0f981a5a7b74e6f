"""Pages of a list that is there as a whole, by number in the address; core/web/_pager.html prints the ways between them."""

from collections.abc import Sequence
from typing import NamedTuple

from twinning.core.web.http import query_string, text_parameter


class NumberedPage(NamedTuple):
    """A part of a list: its records, its number from 1 on, and the addresses of the pages beside it or ``""``."""

    records: Sequence
    number: int
    last: int
    newer_url: str
    older_url: str


def numbered_page(request, records: Sequence, *, size: int, **kept: str) -> NumberedPage:
    """The page that the parameter ``page`` asks for: the first for nonsense, the last for too much.

    ``kept`` are the other parameters of the address.
    """
    asked = text_parameter(request, "page")
    last = max(1, -(-len(records) // size))
    number = min(int(asked), last) if asked.isdecimal() and len(asked) < 6 and int(asked) else 1
    return NumberedPage(
        records[(number - 1) * size : number * size],
        number,
        last,
        newer_url=query_string(**kept, page=number - 1) if number > 1 else "",
        older_url=query_string(**kept, page=number + 1) if number < last else "",
    )
