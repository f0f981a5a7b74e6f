"""What this machine has to test with, and what therefore stays untested on it."""

import os
import shutil
from pathlib import Path

from django.db import connection

AGE = shutil.which("age")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
JAVA = shutil.which("java")
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
OPENSSL = shutil.which("openssl")
REDIS = shutil.which("redis-server")
SYSTEMD = shutil.which("systemd-analyze")
VNU = Path(__file__).parent.parent / "node_modules/vnu-jar/build/dist/vnu.jar"


def gaps() -> dict[str, str]:
    """What cannot be tested here and what would help, by the marker of the tests that are left out."""
    found = {}
    if not CHROMIUM:
        found["browser"] = "pages in a browser (install Chromium, or say in CHROMIUM where it is)"
    if not (JAVA and VNU.exists()):
        found["nu"] = "HTML with the Nu checker (install Java, then: npm ci)"
    if not AGE:
        found["age"] = "encrypted backups (install age)"
    if not (NGINX and OPENSSL):
        found["nginx"] = "the configuration of nginx (install nginx and openssl)"
    if not REDIS:
        found["redis"] = "limits that are counted in Redis (install redis-server)"
    if not SYSTEMD:
        found["systemd"] = "the units for systemd (install systemd)"
    return found


def untested() -> list[str]:
    """The gaps, and the database that this run leaves out."""
    if connection.vendor == "postgresql":
        return [*gaps().values(), "SQLite (leave out TEST_DATABASE_URL)"]
    return [*gaps().values(), "PostgreSQL (TEST_DATABASE_URL=postgres://user@host/name)"]
