"""Settings come from the environment, and .env.example is the list of them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.checkout import SAFE as COMPLETE

ROOT = Path(__file__).parent.parent
SAFE = COMPLETE | {"DATABASE_URL": "sqlite://:memory:"}


def started_with(tmp_path, *names: str, **environment) -> subprocess.CompletedProcess:
    """A fresh process with nothing but this environment, which writes some of its settings as JSON."""
    code = (
        "import json; from twinning import environment; environment.Environment.read_file = lambda *args: None;"
        f"from django.conf import settings; found = [getattr(settings, name) for name in {names!r}];"
        "print(json.dumps(found, default=str))"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "twinning.settings",
    } | environment
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def settings_with(tmp_path, *names: str, **environment) -> list:
    """Some settings of a site with this environment."""
    started = started_with(tmp_path, *names, **environment)
    assert started.returncode == 0, started.stderr
    return json.loads(started.stdout)


def test_example_lists_every_setting_and_no_other():
    code = (ROOT / "twinning/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', code))
    listed = set(re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == read


def test_page_about_the_settings_is_made_from_the_example_and_the_code():
    made = subprocess.run([sys.executable, ROOT / "bin/settings_page.py"], capture_output=True, text=True, check=True)
    assert (ROOT / "docs/settings.md").read_text() == made.stdout, "run: bin/settings_page.py > docs/settings.md"


def test_every_setting_is_explained_below_a_heading():
    lines = [line for line in (ROOT / "docs/settings.md").read_text().splitlines() if line.startswith("| `")]
    rows = [re.split(r"(?<!\\) \| ", line.removeprefix("| ").removesuffix(" |")) for line in lines]
    listed = re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert [name.strip("`") for row in rows for name in row[0].split("<br>")] == listed
    assert [row[0] for row in rows if len(row) != 4 or len(row[3]) < 20] == []


def test_page_about_the_settings_says_what_holds_without_them(tmp_path):
    """As a process finds it, and not as the code reads."""
    names = {"WORKER": "off", "KEEP_UNSAVED_TEXT": "on", "SESSION_COOKIE_AGE": "`43200`", "LOG_LEVEL": "`INFO`"}
    found = settings_with(tmp_path, *names, **SAFE)
    words = {True: "on", False: "off"}
    assert [words.get(value, f"`{value}`") for value in found] == [*names.values()]
    text = (ROOT / "docs/settings.md").read_text()
    for name, value in names.items():
        [row] = [line for line in text.splitlines() if line.startswith(f"| `{name}`")]
        assert row.split(" | ")[1].split("<br>")[0] == value


def test_defaults_are_those_of_a_site_in_use(tmp_path):
    names = {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60,
        "SECURE_PROXY_SSL_HEADER": None,
        "WHITENOISE_USE_FINDERS": False,
        "WORKER": False,
    }
    assert settings_with(tmp_path, *names, **SAFE) == [*names.values()]


def test_static_files_of_a_site_in_use_have_names_that_never_mean_another_content(tmp_path):
    [storages] = settings_with(tmp_path, "STORAGES", **SAFE)
    assert storages["staticfiles"]["BACKEND"] == "whitenoise.storage.CompressedManifestStaticFilesStorage"


def test_encryption_is_left_to_a_proxy_only_where_there_is_one(tmp_path):
    [header] = settings_with(tmp_path, "SECURE_PROXY_SSL_HEADER", **SAFE, BEHIND_PROXY="on")
    assert header == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_address_of_a_visitor_is_taken_from_a_header_only_behind_a_proxy(tmp_path):
    for behind, trusted in (("on", 1), ("off", 0)):
        assert settings_with(tmp_path, "ALLAUTH_TRUSTED_PROXY_COUNT", **SAFE, BEHIND_PROXY=behind) == [trusted]


def test_attempts_are_counted_where_all_processes_see_them(tmp_path):
    [caches] = settings_with(tmp_path, "CACHES", **SAFE)
    assert caches["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    [caches] = settings_with(tmp_path, "CACHES", **SAFE, REDIS_URL="redis://localhost:6379/1")
    assert caches["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache"


def test_demonstration_asks_for_no_second_factor_and_passkeys_need_encryption_elsewhere(tmp_path):
    names = ("SECOND_FACTOR_REQUIRED", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN")
    assert settings_with(tmp_path, *names, DEMO="on") == [False, True]
    assert settings_with(tmp_path, *names, **SAFE, SECOND_FACTOR_REQUIRED="on") == [True, False]


def test_files_in_a_store_are_not_left_to_nginx(tmp_path):
    names = ("ACCEL_REDIRECT", "STORAGES")
    assert settings_with(tmp_path, *names, **SAFE, ACCEL_REDIRECT="/protected/")[0] == "/protected/"
    sent_by, storages = settings_with(tmp_path, *names, **SAFE, ACCEL_REDIRECT="/protected/", S3_BUCKET="uploads")
    assert (sent_by, storages["default"]["OPTIONS"]["bucket"]) == ("", "uploads")


@pytest.mark.parametrize(
    ("scheme", "tls", "ssl"), [("smtp", False, False), ("smtp+tls", True, False), ("smtp+ssl", False, True)]
)
def test_mail_server_is_that_of_the_address_and_is_not_waited_for_long(tmp_path, scheme, tls, ssl):
    url = f"{scheme}://post:secret@mail.wolfsburg.test:587"
    [mailers] = settings_with(tmp_path, "MAILERS", **SAFE, EMAIL_URL=url)
    assert mailers["default"] == {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": "mail.wolfsburg.test", "port": 587, "username": "post", "password": "secret",
            "use_tls": tls, "use_ssl": ssl, "timeout": 5,
        },
    }  # fmt: skip


def test_postgresql_is_connected_to_once_and_looked_at_before_each_use(tmp_path):
    environment = SAFE | {"DATABASE_URL": "postgres://twinning:s%2Fecret@localhost:5432/twinning"}
    [databases] = settings_with(tmp_path, "DATABASES", **environment)
    assert (databases["default"]["CONN_MAX_AGE"], databases["default"]["CONN_HEALTH_CHECKS"]) == (60, True)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="These are the promises of SQLite.")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 20_000), ("temp_store", 2)],
)
def test_sqlite_loses_nothing_and_waits_for_other_writers(pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


@pytest.mark.django_db
def test_form_with_thousands_of_fields_is_read(client):
    """A city can have hundreds of milestones."""
    assert client.post("/admin/login/", {f"field-{number}": "" for number in range(9_000)}).status_code == 200


# The demonstration ----------------------------------------------------------------------------------------------------


def test_demonstration_makes_a_key_of_its_own_and_keeps_it(tmp_path):
    is_debug, key = settings_with(tmp_path, "DEBUG", "SECRET_KEY", DEMO="on")
    assert not is_debug
    assert len(key) > 40
    assert settings_with(tmp_path, "SECRET_KEY", DEMO="on") == [key]
    kept = tmp_path / "demo/secret-key"
    assert (kept.read_text(), kept.stat().st_mode & 0o077) == (key, 0)


def test_demonstration_touches_nothing_of_a_site_that_its_environment_names(tmp_path):
    site = SAFE | {
        "DATABASE_URL": "postgres://twinning:secret@localhost:5432/live",
        "EMAIL_URL": "smtp://mail.wolfsburg.test",
        "S3_BUCKET": "uploads",
    }
    names = ("DATABASES", "STORAGES", "MAILERS", "MEDIA_ROOT", "SECRET_KEY", "PASSWORD_HASHERS")
    databases, storages, mailers, media, key, hashers = settings_with(tmp_path, *names, **site, DEMO="on")
    assert databases["default"]["NAME"] == str(tmp_path / "demo/db.sqlite3")
    assert storages["default"] == {"BACKEND": "twinning.core.files.storage.PrivateStorage"}
    assert mailers["default"] == {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    assert media == str(tmp_path / "demo/files")
    assert key != SAFE["SECRET_KEY"]
    assert hashers == ["news.demo.staff.DemonstrationHasher"]
