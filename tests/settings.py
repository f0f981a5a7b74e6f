"""The settings under which tests run: the real ones, with a place of their own and without slow hashing."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import environ

# Removed when the process ends. SQLite lives in a file, because threads that share memory would lock differently.
place = TemporaryDirectory(prefix="twinning-tests-")

os.environ |= {
    "DEBUG": "off",
    "DEMO": "off",
    "SECRET_KEY": "tests",
    "ALLOWED_HOSTS": "localhost",
    "VAR_DIR": place.name,
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{place.name}/db.sqlite3",
    "SECURE_SSL_REDIRECT": "off",
    "CONN_MAX_AGE": "0",  # a live server that has stopped holds on to nothing
}
environ.Env.read_env = lambda *args, **kwargs: None  # a developer's .env is no business of the tests

from twinning.settings import *  # noqa: E402, F403 - after the environment, and all of them
from twinning.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": Path(place.name) / "test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
RENDITIONS_IN_BACKGROUND = False  # a thread would write after its test has ended
STATIC_ROOT.mkdir()
