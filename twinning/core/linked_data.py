"""What a page says to machines that read it, in the words of schema.org (JSON-LD).

It says nothing that the page does not say to people, and goes through the same gate.
"""

import json

from django.conf import settings

# What could end the element that the data stands in, or begin another.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}


class Block:
    """One block of data for a ``<script>`` element, in which HTML escapes nothing and JSON escapes what would end it."""

    def __init__(self, data: dict):
        self.data = {"@context": "https://schema.org", **data}

    def __html__(self) -> str:
        return json.dumps(self.data, ensure_ascii=False).translate(_ESCAPES)


def absolute(path: str) -> str:
    """The public address of a page."""
    return f"{settings.SITE_URL}{path}"


def council() -> dict:
    """The council, which publishes the site."""
    return {"@type": "GovernmentOrganization", "name": settings.COUNCIL_NAME, "url": absolute("/")}


def breadcrumbs(crumbs: list[tuple[str, str]]) -> dict:
    """The way from the home page to a page: names and addresses, the page itself last."""
    steps = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
        for position, (name, path) in enumerate(crumbs, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}
