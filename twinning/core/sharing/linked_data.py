"""Linked data of pages: JSON-LD in the vocabulary of schema.org.

It contains only facts that the page shows, read through the same gate.
"""

import json

from django.conf import settings

# Characters that could end the script element or begin another.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}


class Block:
    """The content of a script element: JSON in which no character can end the element."""

    def __init__(self, data: dict):
        self.data = {"@context": "https://schema.org", **data}

    def __html__(self) -> str:
        return json.dumps(self.data, ensure_ascii=False).translate(_ESCAPES)


def absolute(path: str) -> str:
    """The absolute public URL of a path."""
    return f"{settings.SITE_URL}{path}"


def council() -> dict:
    """The council, the publisher of the site."""
    return {"@type": "GovernmentOrganization", "name": settings.COUNCIL_NAME, "url": absolute("/")}


def breadcrumbs(crumbs: list[tuple[str, str]]) -> dict:
    """Breadcrumbs from the home page: pairs of name and path, the page itself last."""
    steps = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
        for position, (name, path) in enumerate(crumbs, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}
