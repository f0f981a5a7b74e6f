"""The links by which visitors narrow a list; core/web/_filter_links.html prints them."""

from typing import NamedTuple


class FilterLink(NamedTuple):
    """A link to one value of a filter, or to everything; ``number`` says how many records it leads to, if counted."""

    label: str
    url: str
    is_chosen: bool
    number: int | None = None
