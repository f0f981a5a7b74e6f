"""Settings are judged when they are read: what is missing, an example or wrong stops the process and is named."""

import re
import stat
import subprocess
import sys
from datetime import date

import pytest

from tests.checkout import OF_THE_COUNTRY, SAFE, copy_to, run, write_env
from twinning import judges
from twinning.environment import EXIT_CODE, Environment

JUDGED = {
    "SECRET_KEY": judges.secret_key,
    "ALLOWED_HOSTS": judges.hosts,
    "SITE_URL": judges.web_address,
    "COUNTRY": judges.country,
    "HOME_LATITUDE": judges.between(-90, 90),
    "HOME_WIKIDATA": judges.wikidata_item,
    "CONTACT_EMAIL": judges.mail_address,
    "SECURITY_CONTACT": judges.contact,
    "ACCESSIBILITY_REVIEWED_ON": judges.day,
    "ACCESSIBILITY_BODY_URL": judges.page_or_mail,
    "TIME_ZONE": judges.time_zone,
    "LOG_LEVEL": judges.log_level,
    "LOG_FORMAT": judges.log_format,
    "DATABASE_URL": judges.database,
    "EMAIL_URL": judges.mail_server,
    "CLAMD_URL": judges.scanner,
    "REDIS_URL": judges.redis,
    "METRICS_TOKEN": judges.token,
    "BACKUP_RECIPIENT": judges.recipient,
    "PARTNERSHIP_KINDS": judges.kinds,
    "AGREEMENT_KINDS": judges.kinds,
    "ACCEL_REDIRECT": judges.internal_path,
    "CSRF_TRUSTED_ORIGINS": judges.origins,
    "SECURE_SSL_REDIRECT": bool,
    "CONN_MAX_AGE": int,
}
WRONG = [
    ("METRICS_TOKEN", "short"),
    ("METRICS_TOKEN", "words with spaces in them 0123456789 0123456789"),
    ("METRICS_TOKEN", "ä" * 40),
    ("SECRET_KEY", "secret"),
    ("SECRET_KEY", "x" * 60),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "https://international.wolfsburg.test"),
    ("ALLOWED_HOSTS", "international.wolfsburg.test # ours"),
    ("ALLOWED_HOSTS", "international.example.org"),
    ("SITE_URL", "international.wolfsburg.test"),
    ("SITE_URL", "https://wolfsburg.test/international"),
    ("SITE_URL", "https://international.example.org"),
    ("COUNTRY", "UK"),
    ("COUNTRY", "Germany"),
    ("COUNTRY", "DEU"),
    ("HOME_LATITUDE", "99"),
    ("HOME_LATITUDE", "nan"),
    ("HOME_LATITUDE", "52,4227"),
    ("HOME_LATITUDE", "52°25′"),
    ("HOME_WIKIDATA", "39121"),
    ("HOME_WIKIDATA", "https://www.wikidata.org/wiki/Q39121"),
    ("CONTACT_EMAIL", "international"),
    ("CONTACT_EMAIL", "international@example.org"),
    ("SECURITY_CONTACT", "security@wolfsburg.test"),
    ("ACCESSIBILITY_REVIEWED_ON", "21 November 2026"),
    ("ACCESSIBILITY_REVIEWED_ON", "2026-11-31"),
    ("ACCESSIBILITY_BODY_URL", "clearing.wolfsburg.test"),
    ("ACCESSIBILITY_BODY_URL", "clearing@wolfsburg.test"),
    ("TIME_ZONE", "Europe/Leeds"),
    ("TIME_ZONE", "../etc"),
    ("LOG_LEVEL", "LOUD"),
    ("LOG_FORMAT", "JSON lines"),
    ("DATABASE_URL", "twinning"),
    ("DATABASE_URL", "mysql://twinning@localhost/twinning"),
    ("DATABASE_URL", "postgres://twinning:password@localhost:5432/twinning"),
    ("DATABASE_URL", "postgres://twinning:a/b@localhost:5432/twinning"),
    ("DATABASE_URL", "postgres://twinning:100%@localhost:5432/twinning"),
    ("DATABASE_URL", "postgres://twinning@localhost:5432/"),
    ("EMAIL_URL", "mail.wolfsburg.test"),
    ("EMAIL_URL", "smtp://post:a#b@mail.wolfsburg.test:587"),
    ("CLAMD_URL", "localhost:3310"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "redis:///1"),
    ("BACKUP_RECIPIENT", "AGE-KEY-1"),
    ("PARTNERSHIP_KINDS", "Sister city, 1"),
    ("AGREEMENT_KINDS", "Pact of peace, Pact-of peace"),
    ("ACCEL_REDIRECT", "/protected"),
    ("CSRF_TRUSTED_ORIGINS", "international.wolfsburg.test"),
    ("SECURE_SSL_REDIRECT", "onn"),
    ("CONN_MAX_AGE", "1m"),
    ("CONN_MAX_AGE", "-1"),
]


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Makes the environment that a .env with these settings is, whatever the tests themselves run in."""
    monkeypatch.setattr(Environment, "ENVIRON", {})

    def read(**settings) -> Environment:
        return Environment(write_env(tmp_path, **settings))

    return read


def faults(env: Environment, capsys) -> list[str]:
    """The sentences with which the process stops."""
    with pytest.raises(SystemExit) as stopped:
        env.stop_if_wrong()
    assert stopped.value.code == EXIT_CODE
    heading, *found = capsys.readouterr().err.splitlines()
    assert heading == "The site does not start, because of its settings:"
    return [sentence.strip() for sentence in found]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_value_is_named_in_one_sentence_and_never_repeated(read, capsys, name, value):
    env = read(**{name: value})
    env.get_value(name, JUDGED[name], default=None)
    [sentence] = faults(env, capsys)
    assert sentence.startswith(f"{name} ")
    assert sentence.endswith(".")
    assert len(sentence) > len(name) + 15
    assert "a#b" not in sentence
    assert "secret" not in sentence.replace("import secrets; print(secrets", "")


@pytest.mark.parametrize("value", ["", "   "])
def test_what_a_council_has_to_set_itself_is_asked_for_with_an_example(read, capsys, value):
    env = read(HOME_CITY=value)
    env.own("HOME_CITY", demo="Leeds", like="Wolfsburg")
    assert faults(env, capsys) == ["HOME_CITY is not set; right is, for example: HOME_CITY=Wolfsburg"]


def test_demonstration_sets_it_and_reads_no_file(read, monkeypatch):
    monkeypatch.setitem(Environment.ENVIRON, "DEMO", "on")
    env = read(HOME_CITY="Wolfsburg", DATABASE_URL="postgres://twinning:secret@localhost/live")
    assert env.own("HOME_CITY", demo="Leeds", like="Wolfsburg") == "Leeds"
    assert env.get_value("DATABASE_URL", judges.database, default=None) is None
    env.stop_if_wrong()


def test_right_values_are_read(read):
    env = read(
        COUNTRY="de",
        HOME_LATITUDE="-29.8587",
        ACCESSIBILITY_REVIEWED_ON="2026-11-21",
        ALLOWED_HOSTS=" one.test, .two.test ,",
        DATABASE_URL="postgres://twinning:%23a%2Fb%25$@localhost:5432/twinning",
        SECURE_SSL_REDIRECT="No",
        CONN_MAX_AGE="",
        SITE_NAME="$5 and 100% Wolfsburg # one",
    )
    read_values = [env.get_value(name, JUDGED.get(name), default=60) for name in env._written]
    assert dict(zip(env._written, read_values, strict=True)) == {
        "COUNTRY": "DE",
        "HOME_LATITUDE": -29.8587,
        "ACCESSIBILITY_REVIEWED_ON": date(2026, 11, 21),
        "ALLOWED_HOSTS": ["one.test", ".two.test"],
        "DATABASE_URL": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "twinning", "USER": "twinning", "PASSWORD": "#a/b%$", "HOST": "localhost", "PORT": 5432,
        },
        "SECURE_SSL_REDIRECT": False,
        "CONN_MAX_AGE": 60,
        "SITE_NAME": "$5 and 100% Wolfsburg # one",
    }  # fmt: skip
    env.stop_if_wrong()


def test_line_that_cannot_be_read_is_named_by_its_number_and_not_shown(tmp_path, read, capsys):
    write_env(tmp_path, LOG_LEVEL="INFO")
    with (tmp_path / ".env").open("a") as file:
        file.write("\n# a comment\nSECRET_KEY = hidden\n")
    env = Environment(tmp_path / ".env")
    env.str("LOG_LEVEL")
    assert faults(env, capsys) == ["Line 4 of .env is not of the kind NAME=value."]


def test_demonstration_is_not_asked_for_in_the_file_of_a_site(read, capsys):
    [sentence] = faults(read(DEMO="on"), capsys)
    assert sentence == "DEMO stands in .env, which the demonstration does not read; take it out, and run: make demo."


def test_name_that_is_no_setting_is_pointed_out(read, capsys):
    env = read(LANGUAGE_CODE="de")
    env.stop_if_wrong()
    assert "LANGUAGE_CODE in .env is no setting of this site, and has no effect" in capsys.readouterr().err


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o400, False), (0o640, True), (0o644, True)])
def test_file_that_others_can_read_is_pointed_out(tmp_path, read, capsys, mode, is_told):
    write_env(tmp_path).chmod(mode)
    Environment(tmp_path / ".env")
    assert ("can be read by others" in capsys.readouterr().err) == is_told


# Whole sites ----------------------------------------------------------------------------------------------------------


def test_fresh_checkout_names_all_that_is_missing_and_then_starts_on_sqlite(tmp_path):
    place = copy_to(tmp_path)
    refused = run(place, "manage.py", "migrate")
    assert refused.returncode == EXIT_CODE
    assert "Traceback" not in refused.stderr
    assert re.findall(r"^  (\w+) is not set", refused.stderr, re.MULTILINE) == [
        name for name in SAFE if name not in OF_THE_COUNTRY
    ]
    write_env(place, **SAFE)
    assert run(place, "manage.py", "check", "--database", "default").stderr == ""
    assert stat.S_ISDIR((place / "var").stat().st_mode)


def test_host_of_the_site_has_to_be_one_that_it_answers(tmp_path):
    write_env(copy_to(tmp_path), **SAFE | {"SITE_URL": "https://elsewhere.wolfsburg.test"})
    refused = run(tmp_path, "manage.py", "check")
    assert refused.returncode == EXIT_CODE
    assert "  SITE_URL begins with none of the hosts in ALLOWED_HOSTS; add its host there.\n" in refused.stderr


@pytest.mark.parametrize(
    ("settings", "is_right"),
    [
        (SAFE, True),
        (SAFE | {"ACCESSIBILITY_BODY_URL": ""}, False),
        (SAFE | dict.fromkeys(OF_THE_COUNTRY, ""), False),
        (SAFE | dict.fromkeys(OF_THE_COUNTRY, "") | {"COUNTRY": "GB"}, True),
        (SAFE | dict.fromkeys(OF_THE_COUNTRY, "") | {"COUNTRY": "CH"}, True),
        (SAFE | {"COUNTRY": "CH", "ACCESSIBILITY_BODY_URL": ""}, False),
    ],
)
def test_body_that_enforces_accessibility_is_named_where_the_directive_holds(tmp_path, settings, is_right):
    write_env(copy_to(tmp_path), **settings)
    checked = run(tmp_path, "manage.py", "check")
    assert (checked.returncode, "ACCESSIBILITY_BODY and ACCESSIBILITY_BODY_URL have to be set" in checked.stderr) == (
        (0, False) if is_right else (EXIT_CODE, True)
    )


def test_costs_of_visits_are_not_shown_without_a_currency(tmp_path):
    write_env(copy_to(tmp_path), **SAFE | {"COUNTRY": "CH", "SHOW_VISITS": "on"})
    refused = run(tmp_path, "manage.py", "check")
    assert refused.returncode == EXIT_CODE
    assert "  CURRENCY has to be set where SHOW_VISITS is on, such as CHF or $.\n" in refused.stderr


def test_council_of_the_demonstration_is_refused_elsewhere(tmp_path):
    write_env(copy_to(tmp_path), **SAFE | {"COUNCIL_NAME": "Leeds City Council"})
    refused = run(tmp_path, "manage.py", "check")
    assert refused.returncode == EXIT_CODE
    assert "  COUNCIL_NAME is that of the demonstration; write the name of your council.\n" in refused.stderr


def test_limits_of_the_database_hold_for_the_server_and_not_for_commands(tmp_path):
    address = "postgres://twinning:a@localhost/twinning?sslmode=require"
    write_env(copy_to(tmp_path), **SAFE | {"DATABASE_URL": address})
    show = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    served = run(tmp_path, "-c", show, DJANGO_SETTINGS_MODULE="twinning.settings").stdout
    limits = "'options': '-c lock_timeout=5s -c statement_timeout=30s'"
    assert served == f"{{'connect_timeout': 3, {limits}, 'sslmode': 'require'}}\n"
    command = run(tmp_path, "manage.py", "shell", "--no-imports", "--command", show).stdout
    assert command == "{'connect_timeout': 3, 'sslmode': 'require'}\n"


def test_folder_that_cannot_be_made_is_named(tmp_path):
    write_env(copy_to(tmp_path), **SAFE | {"VAR_DIR": "manage.py/var"})
    refused = run(tmp_path, "manage.py", "check")
    assert (refused.returncode, "Traceback" in refused.stderr) == (EXIT_CODE, False)
    assert "VAR_DIR" in refused.stderr


def test_commands_in_the_folder_of_a_demonstration_need_no_variable(tmp_path):
    place = copy_to(tmp_path)
    assert run(place, "manage.py", "check", DEMO="on").returncode == 0
    said = run(place, "manage.py", "check")
    assert (said.returncode, said.stderr.splitlines()) == (
        0, ["There is no .env here: this works on the demonstration in var/demo."]
    )  # fmt: skip
    write_env(place, **SAFE)
    shown = run(
        place, "manage.py", "shell", "--no-imports", "-c", "from django.conf import settings as s; print(s.DEMO)"
    )
    assert shown.stdout == "False\n"


VISIT = """
import django
django.setup()
from django.conf import settings
from django.test import Client
visitor = Client(headers={"host": "localhost:8000"})
wrong, sheet = visitor.get("/wrong/"), visitor.get("/static/core/site.css")
assert settings.DEBUG is False
assert wrong.status_code == 404
assert b"There is no page at this address" in wrong.content
assert "default-src 'none'" in wrong["Content-Security-Policy"]
assert "camera=()" in wrong["Permissions-Policy"]
assert sheet.status_code == 200
assert sheet.getvalue().startswith(b"/*") or b"@layer" in sheet.getvalue()
"""


def test_demonstration_answers_as_a_site_in_use_does(tmp_path):
    visited = run(copy_to(tmp_path), "-c", VISIT, DEMO="on", DJANGO_SETTINGS_MODULE="twinning.settings")
    assert visited.returncode == 0, visited.stderr


@pytest.mark.parametrize(
    ("settings", "switched_on"),
    [({"DEMO": "on"}, "DEMO"), ({**SAFE, "DEBUG": "on"}, "DEBUG"), (SAFE, None)],
    ids=["demonstration", "debug", "in use"],
)
def test_server_says_loudly_what_must_not_be_on_behind_it(tmp_path, settings, switched_on):
    start = "import twinning.wsgi"
    said = run(copy_to(tmp_path), "-W", "ignore", "-c", start, **settings).stderr
    assert (f"CRITICAL twinning.wsgi: {switched_on} is on" in said) if switched_on else (said == "")


def test_gunicorn_ends_at_once_and_says_why(tmp_path):
    place = copy_to(tmp_path)
    write_env(place, **SAFE | {"HOME_LATITUDE": "99"})
    command = [sys.executable, "-m", "gunicorn", "twinning.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"]
    ended = subprocess.run(command, cwd=place, env={}, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode != 0
    assert ended.stderr.count("  HOME_LATITUDE is no number from -90 to 90, such as 45.0.") == 1
    assert "Traceback" not in ended.stderr
