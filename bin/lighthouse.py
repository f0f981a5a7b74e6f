#!/usr/bin/env python3
"""Measure the public pages of the demonstration with Lighthouse's mobile preset, and compare them with our bars.

    bin/lighthouse.py           five runs a page, about ten minutes; prints the table of docs/performance.md
    bin/lighthouse.py 1 /news/  one run of some pages

Needs Chromium (CHROME_PATH, otherwise /usr/bin/chromium), and npm, which fetches Lighthouse at the first time. Measure on
a machine that does nothing else: the preset computes a slow phone from how long this machine took.
"""

import json
import os
import subprocess
import sys
from statistics import median
from urllib.parse import urlsplit
from urllib.request import urlopen

from demonstration import demonstration

LIGHTHOUSE = "lighthouse@13.5.0"
TRIES = 3  # on a busy machine the browser's own record of a visit is sometimes incomplete
FLAGS = "--headless=new --no-sandbox --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE localhost'"
PAGES = [
    "/",
    "/cities/",
    "/cities/dortmund/",
    "/themes/",
    "/themes/culture-and-arts/",
    "/agreements/",
    "/agreements/leeds-dortmund-2021/",
    "/news/",
    "/news/leeds-and-dortmund-renew-their-agreement/",
    "/search/",
    "/search/?q=Leeds",
    "/accessibility/",
    "/privacy/",
]
SCORES = ["performance", "accessibility", "best-practices", "seo"]
MOST = {"LCP s": 1.0, "CLS": 0, "TBT ms": 0, "requests": 8, "kB": 70, "third parties": 0, "cookies": 0}


def main(runs: int, pages: list[str]):
    """Prints a line for each page; ends with 1 if one of them misses a bar."""
    missed = []
    print("|".join(["", " page ", *(f" {name} " for name in ["scores", *MOST]), ""]))
    print("| --- " + "| ---: " * (len(MOST) + 1) + "|")
    with demonstration() as site:
        for path in pages:
            urlopen(site + path).read()  # noqa: S310 - our own; the first visitor waits for what later ones find made
            scores, measures = summary([look_at(site + path) for _ in range(runs)], cookies(site + path))
            print("|".join(["", f" `{path}` ", f" {'/'.join(map(str, scores))} ", *(f" {v:g} " for v in measures), ""]))
            sys.stdout.flush()
            if min(scores) < 100 or any(map(float.__gt__, map(float, measures), map(float, MOST.values()))):
                missed.append(path)
    sys.exit(f"Below our bars: {' '.join(missed)}" if missed else 0)


def look_at(address: str) -> dict:
    """Lighthouse's report on one visit."""
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    command.append(f"--only-categories={','.join(SCORES)}")
    env = {"CHROME_PATH": "/usr/bin/chromium"} | os.environ
    for _ in range(TRIES):
        visit = subprocess.run(command, env=env, stdout=subprocess.PIPE)  # noqa: S603 - our own words
        if visit.returncode == 0 and "runtimeError" not in (report := json.loads(visit.stdout)):
            return report
    sys.exit(f"Lighthouse could not measure {address}; the lines above say why.")


def summary(reports: list[dict], cookies: int) -> tuple[list[int], list[float]]:
    """The median of the scores, then of the measures in the order of MOST."""
    scores = [round(100 * median(report["categories"][name]["score"] for report in reports)) for name in SCORES]
    measures = [median(column) for column in zip(*map(measured, reports), strict=True)]
    return scores, [*measures, cookies]


def measured(report: dict) -> list[float]:
    audits = report["audits"]
    requests = audits["network-requests"]["details"]["items"]
    sent = sum(each["transferSize"] for each in requests if each.get("resourceType") != "Image")
    own = urlsplit(report["requestedUrl"]).netloc
    return [
        round(audits["largest-contentful-paint"]["numericValue"] / 1000, 2),
        round(audits["cumulative-layout-shift"]["numericValue"], 3),
        round(audits["total-blocking-time"]["numericValue"]),
        len(requests),
        round(sent / 1000, 1),
        sum(urlsplit(each["url"]).netloc not in (own, "") for each in requests),
    ]


def cookies(address: str) -> int:
    with urlopen(address) as response:  # noqa: S310 - our own
        return len(response.headers.get_all("Set-Cookie", []))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5, sys.argv[2:] or PAGES)
