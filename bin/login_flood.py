"""What visitors notice of guessed passwords: the time of a public page, at rest and while eight clients guess.

    .venv/bin/python bin/login_flood.py                          # starts a site of its own: gunicorn without nginx
    .venv/bin/python bin/login_flood.py https://localhost:8443   # a site that runs already

Each client asks again as soon as it has an answer and a fiftieth of a second has passed, as on a quick line.
"""

import argparse
import re
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from demonstration import demonstration

PAGE, LOGIN = "/cities/", "/admin/login/"
CLIENTS = 8
PAUSE = 0.02


def main():
    options = argparse.ArgumentParser()
    options.add_argument("site", nargs="?")
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--address", default="127.0.0.1", help="where the clients come from; limits count by address")
    options.add_argument("--guess", help="be one of the clients, and guess the password of this name")
    asked = options.parse_args()
    if asked.guess:
        guess(asked.site, asked.guess, asked.address)
    with nullcontext(asked.site) if asked.site else demonstration() as site:
        times_of_page(site, 2)
        quiet = times_of_page(site, asked.seconds)
        with flood(site, asked.address):
            first, later = times_of_page(site, asked.seconds), times_of_page(site, asked.seconds)
    for name, times in (("at rest", quiet), ("as the flood begins", first), ("later in the flood", later)):
        report(name, times, quiet)


def times_of_page(site: str, seconds: float) -> list[float]:
    """How many milliseconds each visit took, for so many seconds. No cache answers: the cookie is that of somebody on the staff."""
    line, times, end = connect(site), [], time.monotonic() + seconds
    while time.monotonic() < end:
        before = time.perf_counter()
        ask(line, "GET", PAGE, headers={"Cookie": "sessionid=nobody"})
        times.append((time.perf_counter() - before) * 1000)
        time.sleep(PAUSE)
    return times


@contextmanager
def flood(site: str, address: str) -> Iterator[None]:
    """Clients in processes of their own, so that they take no time from the one that measures; they begin together."""
    client = [sys.executable, __file__, site, "--address", address, "--guess"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    clients = [subprocess.Popen([*client, f"name-{number}"], **pipes) for number in range(CLIENTS)]  # noqa: S603 - ours
    for ready in clients:
        ready.stdout.readline()
    for ready in clients:
        ready.stdin.close()
    try:
        yield
    finally:
        ended = [client for client in clients if client.poll() is not None]
        for running in clients:
            running.terminate()
    if ended:
        sys.exit("The site took the guesses for forgeries, and hashed none.")


def guess(site: str, name: str, address: str):
    """Guess the password of a name, again and again, once the others are ready too."""
    line = connect(site, address)
    page, cookie = ask(line, "GET", LOGIN)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    typed = urlencode({"csrfmiddlewaretoken": token, "login": name, "username": name, "password": "guess"})
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    form |= {"Referer": f"https://{urlsplit(site).netloc}{LOGIN}"}
    print("ready", flush=True)
    sys.stdin.read()
    while True:
        ask(line, "POST", LOGIN, typed, form)
        time.sleep(PAUSE)


def connect(site: str, address: str = "127.0.0.1") -> HTTPConnection:
    host, source = urlsplit(site).netloc, (address, 0)
    if site.startswith("https:"):
        trust = ssl._create_unverified_context()  # noqa: S323 - the certificate of a test
        return HTTPSConnection(host, timeout=60, source_address=source, context=trust)
    return HTTPConnection(host, timeout=60, source_address=source)


def ask(line: HTTPConnection, method: str, path: str, body=None, headers=None) -> tuple[str, str]:
    """The text of the answer and the cookie that it sets."""
    line.request(method, path, body, headers or {})
    answer = line.getresponse()
    if answer.status == 403:
        sys.exit(1)
    return answer.read().decode(), answer.headers.get("Set-Cookie", "").partition(";")[0]


def report(name: str, times: list[float], quiet: list[float]):
    median, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(
        f"{name:20} median {median:7.1f} ms, 95 % {slow:7.1f} ms, {median / statistics.median(quiet):5.2f} times rest"
    )


if __name__ == "__main__":
    main()
