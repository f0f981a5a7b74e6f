"""A copy of the public site that any web server can serve: what an anonymous visitor is answered, as files.

The site itself is asked, so that the gate decides about each page and each file. From the sitemaps and the home page on,
the copy follows every link.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import CommandError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from twinning.core.models import OldSlug
from twinning.core.previews.asking import Answer, asked
from twinning.core.web.visits import Visit
from twinning.operations import copied_pages
from twinning.operations.folders import Folder

NOWHERE = "/there-is-no-such-page/"
REMEMBERED = 10_000  # addresses
EVERY = 500  # files, between two lines of progress
FEEDS = ("application/atom+xml", "application/rss+xml", "application/feed+json")
_NEXT = re.compile(r'<([^>]+)>; rel="next"')


class Queue:
    """Addresses that wait, in a file: a large archive has more than fit into memory. Some may stand there twice."""

    def __init__(self):
        self._file, self._read, self._recent = TemporaryFile(), 0, set()  # noqa: SIM115 - closed by ``close``

    def add(self, address: str) -> None:
        if address in self._recent:
            return
        if len(self._recent) >= REMEMBERED:
            self._recent.clear()
        self._recent.add(address)
        self._file.seek(0, 2)
        self._file.write(f"{address}\n".encode())

    def __iter__(self) -> Iterator[str]:
        while True:
            self._file.seek(self._read)
            line = self._file.readline()
            if not line:
                return
            self._read += len(line)
            yield line.decode().rstrip("\n")

    def close(self) -> None:
        self._file.close()


class StaticCopy:
    """The copy that is written below ``prefix``; ``broken`` are links of public pages that lead nowhere."""

    def __init__(self, folder: Folder, prefix: str, *, at: datetime, say: Callable[[str], None]):
        self._folder, self._prefix, self._at, self._say = folder, prefix, at, say
        self._queue, self.broken, self.files = Queue(), [], 0

    def write(self) -> None:
        with closing(self._queue), closing(self._former_addresses()) as former:
            self._add_page(copied_pages.ABOUT, self._about())
            self._follow(self._beginnings())
            for address in self._queue:
                self._take(address, is_linked=True)
            for address in former:
                self._take(address, is_linked=False)
            for address in self._queue:  # to which the former ones lead
                self._take(address, is_linked=True)
        with asked(NOWHERE) as answer:
            self._add("404.html", [copied_pages.copied(_text(answer), address=NOWHERE).html.encode()])

    def _beginnings(self) -> list[str]:
        names = ("home", "robots", "security_txt", "sitemap_index", "datapackage", "news:atom", "news:rss", "news:json")
        return [reverse(name) for name in names]

    def _former_addresses(self) -> Queue:
        queue = Queue()
        for old in OldSlug.objects.iterator():
            if model := old.content_type.model_class():
                queue.add(model(slug=old.slug).get_absolute_url())
        return queue

    def _has(self, address: str) -> bool:
        return (self._folder.root / self._prefix / copied_pages.place_of(address)).is_file()

    def _take(self, address: str, *, is_linked: bool) -> None:
        """Write what the site answers at an address, unless it is there already, and note where that leads."""
        if copied_pages.is_left_out(address) or self._has(address):
            return
        if address.startswith(settings.STATIC_URL):
            self._take_static(address)
            return
        # Without the condition, nginx would be told which file to send, and the answer would have no body.
        headers = {"HTTP_IF_MATCH": "*"} if address.startswith("/files/") else {}
        with asked(address, **headers) as answer:
            if answer.status in (301, 302):
                self._add_redirect(address, answer.headers["location"])
            elif answer.status == 200:
                self._add_answer(address, answer)
            elif answer.status not in (404, 410):
                raise CommandError(f"{address} answered {answer.status}. Nothing was written.")
            elif is_linked and address not in self.broken:
                self.broken.append(address)

    def _add_answer(self, address: str, answer: Answer) -> None:
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kind == "text/html":
            self._add_page(address, _text(answer))
        elif address.startswith("/sitemap"):
            self._add_sitemap(address, _text(answer))
        elif kind in FEEDS:
            text = _text(answer)
            self._follow(copied_pages.whole_addresses(text))
            self._add(copied_pages.place_of(address), [text.encode()])
        else:
            self._add(copied_pages.place_of(address), _whole(answer))

    def _add_page(self, address: str, html: str) -> None:
        page = copied_pages.copied(html, address=address)
        self._follow(page.addresses)
        self._add(copied_pages.place_of(address), [page.html.encode()])

    def _add_sitemap(self, address: str, text: str) -> None:
        self._follow(copied_pages.addresses_in_sitemap(text))
        self._add(copied_pages.place_of(address), [copied_pages.sitemap_in_copy(text).encode()])

    def _add_redirect(self, address: str, to: str) -> None:
        to = to.removeprefix(settings.SITE_URL)
        self._follow([to] if to.startswith("/") else [])
        place, html = copied_pages.place_of(address), copied_pages.redirect_page(to)
        if place != copied_pages.place_of(to):  # a slash is no other page
            self._add(place, [html.encode()])

    def _take_static(self, address: str) -> None:
        name = unquote(urlsplit(address).path).removeprefix(settings.STATIC_URL)
        collected = Path(settings.STATIC_ROOT) / name
        found = collected if collected.is_file() else finders.find(name)
        if not found:
            self.broken.append(address)
            return
        content = Path(found).read_bytes()
        if name.endswith(".css"):
            self._follow(copied_pages.addresses_in_styles(content.decode(), address=address))
        self._add(copied_pages.place_of(urlsplit(address).path), [content])

    def _follow(self, addresses: list[str]) -> None:
        for address in addresses:
            self._queue.add(address)

    def _add(self, place: str, chunks) -> None:
        self._folder.add(f"{self._prefix}{place}", chunks)
        self.files += 1
        if self.files % EVERY == 0:
            self._say(f"public site: {self.files} files so far")

    def _about(self) -> str:
        """The page that says what the copy is, and what does not work in it."""
        request = HttpRequest()
        request.method, request.path, request.visit = "GET", copied_pages.ABOUT, Visit(at=self._at)
        return render_to_string("operations/about_this_copy.html", {"at": self._at}, request)


def _text(answer: Answer) -> str:
    return b"".join(answer.chunks).decode()


def _whole(answer: Answer) -> Iterator[bytes]:
    """The chunks of a file, and of those behind it where the site sends it in pages: lines of JSON can be put together."""
    yield from answer.chunks
    while found := _NEXT.search(answer.headers.get("link", "")):
        with asked(found[1].removeprefix(settings.SITE_URL)) as answer:
            yield from answer.chunks
