"""What pages cost with archives of several sizes, on SQLite and PostgreSQL, and behind nginx: `make bench` (see README.md)."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from demonstration import PYTHON, ROOT, free_port, manage, settings

from benchmarks import behind_nginx
from tests.machine import NGINX, OPENSSL


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", default="200,20000,100000", help="numbers of releases")
    options.add_argument("--seconds", type=float, default=60, help="how long each site is measured")
    options.add_argument("--postgres", default="", help="a database beside which others may be made: postgres://…/name")
    options.add_argument("--without-nginx", action="store_true")
    asked = options.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    for name, server in (("SQLite", ""), ("PostgreSQL", asked.postgres)):
        if server or name == "SQLite":
            print_table(name, sizes, [site(size, asked.seconds, server) for size in sizes])
    if NGINX and OPENSSL and not asked.without_nginx:
        say("nginx")
        behind_nginx.main()


def site(releases: int, seconds: float, server: str) -> dict[str, float]:
    """The measures of one site, which is made for it and deleted."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as var, database(server) as url:
        env = settings(var, free_port()) | ({"DATABASE_URL": url} if url else {})
        for command in (["migrate"], ["sync_roles"], ["load_demo"], ["collectstatic", "--no-input"]):
            manage(*command, env=env)
        say(f"{releases:,} releases: measuring after {time.monotonic() - begun:.0f} s …")
        code = f"from benchmarks.inside import main; main({releases}, {seconds})"
        command = [PYTHON, "manage.py", "shell", "--no-imports", "--command", code]
        said = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    say(f"{releases:,} releases: done after {time.monotonic() - begun:.0f} s")
    return json.loads(said.stdout.splitlines()[-1])


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of a database that is dropped afterwards; none for SQLite."""
    if not server:
        yield ""
        return
    address = urlsplit(server)
    name = f"{address.path.strip('/')}_bench"
    with psycopg.connect(address._replace(path="/postgres").geturl(), autocommit=True) as line:
        line.execute(f'DROP DATABASE IF EXISTS "{name}"')
        line.execute(f'CREATE DATABASE "{name}"')
        try:
            yield address._replace(path=f"/{name}").geturl()
        finally:
            line.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def print_table(name: str, sizes: list[int], measures: list[dict[str, float]]) -> None:
    print(f"\n| {name}, by releases | {' | '.join(f'{size:,}' for size in sizes)} |")
    print(f"| --- {'| ---: ' * len(sizes)}|")
    for page in measures[0]:
        print(f"| `{page}` | {' | '.join(f'{measure[page]:.1f}' for measure in measures)} |", flush=True)


def say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
