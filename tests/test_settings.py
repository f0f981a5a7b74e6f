"""Settings come from the environment, and .env.example is the list of them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAFE = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "international.example.org", "DATABASE_URL": "sqlite://:memory:"}


def settings_with(tmp_path, **environment) -> subprocess.CompletedProcess:
    """What a fresh process says of its settings, with nothing but this environment."""
    say = (
        "from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0,"
        " s.SECURE_SSL_REDIRECT, len(s.SECRET_KEY) > 40)"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "twinning.settings",
    } | environment
    command = [sys.executable, "-c", f"import environ; environ.Env.read_env = lambda *a, **k: None; {say}"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_example_lists_every_setting_and_no_other():
    code = (ROOT / "twinning/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', code))
    listed = set(re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == read


def test_defaults_are_those_of_a_site_in_use(tmp_path):
    assert settings_with(tmp_path, **SAFE).stdout.split() == ["False", "True", "True", "True", "True"]


@pytest.mark.parametrize("key", [{}, {"SECRET_KEY": ""}])
def test_site_does_not_start_without_a_secret_key(tmp_path, key):
    result = settings_with(tmp_path, DATABASE_URL="sqlite://:memory:", **key)
    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


def test_demonstration_makes_a_key_of_its_own_and_keeps_it(tmp_path):
    assert settings_with(tmp_path, DEMO="on").stdout.split()[0] == "True"
    kept = (tmp_path / "demo-secret-key").read_text()
    settings_with(tmp_path, DEMO="on")
    assert (tmp_path / "demo-secret-key").read_text() == kept
    assert (tmp_path / "demo-secret-key").stat().st_mode & 0o077 == 0
