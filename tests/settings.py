"""The settings under which tests run: the real ones, with a place of their own and without slow hashing."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from twinning.environment import Environment

# Removed when the process ends. SQLite lives in a file, because threads that share memory would lock differently.
place = TemporaryDirectory(prefix="twinning-tests-")

os.environ |= {
    "DEBUG": "off",
    "DEMO": "off",
    "SECRET_KEY": "tests-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    "ALLOWED_HOSTS": "localhost",
    "SITE_NAME": "Leeds International",
    "SITE_URL": "http://localhost:8000",
    "COUNCIL_NAME": "Leeds City Council",
    "COUNTRY": "GB",
    "HOME_CITY": "Leeds",
    "HOME_LATITUDE": "53.7997",
    "HOME_LONGITUDE": "-1.5491",
    "CONTACT_EMAIL": "international@localhost",
    "SECURITY_CONTACT": "mailto:security@localhost",
    "ACCESSIBILITY_PREPARED_ON": "2026-11-21",
    "ACCESSIBILITY_REVIEWED_ON": "2026-11-21",
    "VAR_DIR": place.name,
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{place.name}/db.sqlite3",
    "SECURE_SSL_REDIRECT": "off",
    "ALERTS": "on",
    "SHOW_VISITS": "on",
    "SHOW_COVERAGE": "on",
    "CONN_MAX_AGE": "0",  # a live server that has stopped holds on to nothing
}
read_file, Environment.read_file = (
    Environment.read_file,
    lambda *args: None,
)  # a developer's .env is no business of ours

from twinning.settings import *  # noqa: E402, F403 - after the environment, and all of them
from twinning.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

Environment.read_file = read_file
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": Path(place.name) / "test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Addresses that nobody reads; in the environment of a real site, they would be refused as examples.
CONTACT_EMAIL = DEFAULT_FROM_EMAIL = "international@example.org"
SECURITY_CONTACT = "mailto:security@example.org"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
WORKER = True  # a thread of the web process would write after its test has ended
STATIC_ROOT.mkdir()
