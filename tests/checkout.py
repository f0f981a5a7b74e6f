"""A copy of the site in a folder of its own, beside which a test can put a .env, and how to run a command there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("partners", "news", "static", "templates")
# What a council has to set because of its country.
OF_THE_COUNTRY = {
    "ACCESSIBILITY_BODY": "the Clearing Office",
    "ACCESSIBILITY_BODY_URL": "https://clearing.wolfsburg.test/complaints",
}
SAFE = OF_THE_COUNTRY | {
    "SECRET_KEY": "correct horse battery staple correct horse battery staple",
    "ALLOWED_HOSTS": "international.wolfsburg.test",
    "SITE_NAME": "Wolfsburg International",
    "SITE_URL": "https://international.wolfsburg.test",
    "COUNCIL_NAME": "Wolfsburg City Council",
    "COUNTRY": "DE",
    "HOME_CITY": "Wolfsburg",
    "HOME_LATITUDE": "52.4227",
    "HOME_LONGITUDE": "10.7865",
    "CONTACT_EMAIL": "international@wolfsburg.test",
    "SECURITY_CONTACT": "mailto:security@wolfsburg.test",
    "ACCESSIBILITY_PREPARED_ON": "2026-11-21",
    "ACCESSIBILITY_REVIEWED_ON": "2026-11-21",
}


def copy_to(place: Path) -> Path:
    """The files that run a site, without anything that belongs to this checkout alone."""
    shutil.copytree(ROOT / "twinning", place / "twinning", ignore=shutil.ignore_patterns("__pycache__"))
    for name in FOLDERS:
        (place / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "manage.py", place)
    return place


def write_env(place: Path, **settings: str) -> Path:
    """A .env that only its owner can read."""
    file = place / ".env"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    return file


def run(place: Path, *command: str, **environment: str) -> subprocess.CompletedProcess:
    """A command in that folder, with this environment and no other."""
    path = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, *command], cwd=place, env=path | environment, capture_output=True, text=True, check=False
    )
