#!/usr/bin/env python3
"""Draw the ready pictures for sharing anew, in the colours of static/core/tokens.css.

    .venv/bin/python bin/sharing_pictures.py   writes static/core/sharing/*.png

hue-1 to hue-12 are for pages in a city's hue, site.png is for all others. Needs Chromium (CHROMIUM, otherwise
/usr/bin/chromium).
"""

import os
from io import BytesIO
from math import log
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "static/core"
SIZE = {"width": 1200, "height": 630}
COLOURS = 40
HOME, PARTNER, EDGE = (810, 315), (944, 203), 275
# Distances in km; the scale is that of the world map (partners/worldmap/projection.py).
RINGS = [EDGE * log(1 + km / 350) / log(1 + 13_000 / 350) for km in (500, 1_000, 2_500, 5_000, 10_000)]
PICTURE = """
<link rel="stylesheet" href="tokens.css">
<style>
  body {{ margin: 0; background: var(--paper); }}
  svg {{ display: block; }}
  .band {{ fill: var(--ground); }}
  .sea {{ fill: color-mix(in oklab, var(--line) 10%, var(--paper)); }}
  .ring {{ fill: none; stroke: var(--line); stroke-opacity: 0.5; stroke-width: 2; stroke-dasharray: 1 6; stroke-linecap: round; }}
  .ray {{ stroke: var(--line); stroke-width: 4; }}
  .partner {{ fill: var(--line); stroke: var(--surface); stroke-width: 5; }}
  .home {{ fill: var(--ink); stroke: var(--accent); stroke-width: 6; }}
  .mark {{ fill: none; stroke: var(--on-bar); stroke-width: 26; }}
  .mark .other {{ stroke: var(--accent); }}
</style>
<body class="{name}">
  <svg viewBox="0 0 1200 630" width="1200" height="630">
    <circle class="sea" cx="{home[0]}" cy="{home[1]}" r="{edge}"/>
    {rings}
    <path class="ray" d="M{home[0]} {home[1]}L{partner[0]} {partner[1]}"/>
    <circle class="home" cx="{home[0]}" cy="{home[1]}" r="13"/>
    <circle class="partner" cx="{partner[0]}" cy="{partner[1]}" r="14"/>
    <path class="band" d="M0 0H420V630H0Z"/>
    <g class="mark" transform="translate(210 315)">
      <circle cx="-39" r="70"/>
      <circle class="other" cx="39" r="70"/>
      <path d="M-33 -69.7A70 70 0 0 1 27 -24"/>
    </g>
  </svg>
"""


def main():
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto((STATIC / "tokens.css").as_uri())  # from here on the sheet may be loaded
        for name in ("site", *(f"hue-{number}" for number in range(1, 13))):
            draw(page, name)
        browser.close()


def draw(page, name: str):
    rings = "".join(f'<circle class="ring" cx="{HOME[0]}" cy="{HOME[1]}" r="{radius:.0f}"/>' for radius in RINGS)
    page.set_content(PICTURE.format(name=name, home=HOME, partner=PARTNER, edge=EDGE, rings=rings))
    shown = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = shown.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(STATIC / f"sharing/{name}.png", optimize=True)


if __name__ == "__main__":
    main()
