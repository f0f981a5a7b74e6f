#!/usr/bin/env python3
"""Take the pictures of the README anew, from the demonstration as it is now.

    .venv/bin/python bin/screens.py   writes docs/screen-*.webp, about half a minute

Needs Chromium (CHROMIUM, otherwise /usr/bin/chromium). The pictures show the fonts of the machine that takes them; those
in the repository were taken with Noto (Debian: fonts-noto-core).
"""

import os
import sys
from io import BytesIO
from pathlib import Path

from demonstration import LOGIN, demonstration
from PIL import Image
from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIZE = {"width": 1280, "height": 860}
MOST_BYTES = 150_000
PUBLIC = {"home": "/", "city": "/cities/dortmund/", "register": "/agreements/"}
STAFF = {"admin": "/admin/news/pressrelease/"}


def main():
    with demonstration() as site, sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, device_scale_factor=1.5, locale="en-GB", timezone_id="Europe/London")
        for name, path in PUBLIC.items():
            take(page, site + path, name)
        log_in(page, site)
        for name, path in STAFF.items():
            take(page, site + path, name)
        browser.close()


def log_in(page: Page, site: str):
    page.goto(f"{site}/admin/")
    for label, words in zip(["Username", "Password"], LOGIN, strict=True):
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Log in", exact=True).click()


def take(page: Page, address: str, name: str):
    page.goto(address, wait_until="networkidle")
    path = DOCS / f"screen-{name}.webp"
    Image.open(BytesIO(page.screenshot())).save(path, quality=80, method=6)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path} is larger than {MOST_BYTES} bytes: too large for the repository.")


if __name__ == "__main__":
    main()
