"""What nginx does for a page that it keeps, beside the same compressed bytes in a file; and how long visitors wait meanwhile.

Compared is the processor time of nginx itself, so that neither the client nor what else the machine does stands in the number.
"""

import ssl
import statistics
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path

from demonstration import demonstration
from django.conf import settings as site

from tests.machine import NGINX
from tests.nginx import certificate, configure, free_port, wait_for

PAGES = ("/", "/cities/", "/news/")
FILE = "bench.0123456789ab.css"
ACCEPTED = {"Accept-Encoding": "gzip, deflate, br, zstd"}  # as browsers ask
REQUESTS, TURNS = 2_000, 5
VISITORS, PAUSE, SECONDS = 8, 0.1, 12


def main() -> None:
    tls = free_port()
    with tempfile.TemporaryDirectory() as folder, demonstration() as app:
        certificate(place := Path(folder))
        configured = configure(place, app=int(app.rpartition(":")[2]), tls=tls, plain=free_port())
        command = [NGINX, "-p", place, "-c", configured]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:  # noqa: S603 - our own words
            try:
                wait_for(running, tls)
                print("\n| behind nginx | of a file | median ms | 99 % ms |\n| --- | ---: | ---: | ---: |")
                for page in PAGES:
                    median, slow = waiting(tls, page)
                    print(
                        f"| `{page}` | {of_a_file(tls, running.pid, page):.2f} | {median:.1f} | {slow:.1f} |",
                        flush=True,
                    )
            finally:
                running.terminate()


def of_a_file(tls: int, nginx: int, page: str) -> float:
    """How many kept pages nginx sends in the time of one file with the same bytes."""
    folder, ratios = Path(site.STATIC_ROOT), []
    folder.mkdir(parents=True, exist_ok=True)
    with closing(connect(tls)) as line:
        for name in (FILE, f"{FILE}.gz"):
            (folder / name).write_bytes(ask(line, page))
        for _turn in range(TURNS):
            taken = {}
            for address in (f"/static/{FILE}", page):
                before = processor_time(nginx)
                for _request in range(REQUESTS):
                    ask(line, address)
                taken[address] = processor_time(nginx) - before
            ratios.append(taken[f"/static/{FILE}"] / max(1, taken[page]))
    return statistics.median(ratios)


def connect(tls: int) -> HTTPSConnection:
    return HTTPSConnection("localhost", tls, context=ssl._create_unverified_context())  # noqa: S323 - a certificate of our own


def ask(line: HTTPSConnection, address: str) -> bytes:
    line.request("GET", address, headers=ACCEPTED)
    return line.getresponse().read()


def processor_time(nginx: int) -> int:
    """Of the workers of nginx, in hundredths of a second."""
    workers = Path(f"/proc/{nginx}/task/{nginx}/children").read_text().split()
    fields = [Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split() for worker in workers]
    return sum(int(numbers[11]) + int(numbers[12]) for numbers in fields)


def waiting(tls: int, page: str) -> tuple[float, float]:
    """The median and the slowest hundredth, in ms, of visitors who come at their own pace while the page is renewed."""
    taken = []

    def visit(number: int) -> None:
        with closing(connect(tls)) as line:
            ask(line, page)
            due = time.monotonic() + number * PAUSE / VISITORS
            for _visit in range(int(SECONDS / PAUSE)):
                due += PAUSE
                time.sleep(max(0, due - time.monotonic()))
                ask(line, page)
                taken.append((time.monotonic() - due) * 1000)

    visitors = [threading.Thread(target=visit, args=[number]) for number in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return statistics.median(taken), statistics.quantiles(taken, n=100)[-1]
