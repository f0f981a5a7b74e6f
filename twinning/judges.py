"""Judges of settings: each turns the text of a setting into its value, or raises ValueError with the rest of a sentence.

The sentence begins with the name of the setting, says what is wrong, and shows what would be right.
"""

import importlib.util
import logging
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify
from django_countries.data import COUNTRIES
from environ import Env

from twinning.core.files.scanner import parse_address
from twinning.core.web.logo import Logo
from twinning.licences import LICENCES, Licence

SWITCHES = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
LONGEST_KIND = 60  # characters
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 10
SHORTEST_TOKEN = 32
SCHEMES = {"postgres", "postgresql", "pgsql", "psql", "pgpool", "sqlite"}
PERCENT = (
    "is no address; in user names and passwords, write / as %2F, # as %23, ? as %3F, @ as %40, : as %3A and % as %25"
)


def switch(text: str) -> bool:
    if text.lower() not in SWITCHES:
        raise ValueError("is neither on nor off")
    return SWITCHES[text.lower()]


def whole_number(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("is no whole number, such as 60")
    return int(text)


def words(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def between(least: float, most: float) -> Callable[[str], float]:
    """A judge of numbers, such as degrees."""

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise ValueError(f"is no number from {least} to {most}, such as {most / 2}")
        return value

    return number


def kinds(text: str) -> list[str]:
    """Names of kinds, each with a letter, none twice."""
    names = words(text)
    if wrong := [name for name in names if len(name) > LONGEST_KIND or not any(map(str.isalpha, name))]:
        raise ValueError(
            f"has “{wrong[0][:80]}”, which is no name of at most {LONGEST_KIND} characters, such as Sister city"
        )
    if len({slugify(name, allow_unicode=True) for name in names}) < len(names):
        raise ValueError("names one kind twice")
    return names


def secret_key(text: str) -> str:
    if len(text) < SHORTEST_KEY or len(set(text)) < FEWEST_CHARACTERS:
        raise ValueError(
            f"is too easy to guess; it needs {SHORTEST_KEY} random characters, as they are made by: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    return text


def token(text: str) -> str:
    if not re.fullmatch(rf"[\w.~+/=-]{{{SHORTEST_TOKEN},}}", text, re.ASCII):
        raise ValueError(
            f"needs {SHORTEST_TOKEN} random characters, as they are made by: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return text


def hosts(text: str) -> list[str]:
    if wrong := [name for name in words(text) if not re.fullmatch(r"\.?[\w.-]+|\[[0-9a-f:]+\]", name)]:
        raise ValueError(f"has “{wrong[0]}”, which is no name of a host such as international.your-council.org")
    return words(text)


def origins(text: str) -> list[str]:
    if any(urlsplit(origin).scheme not in ("http", "https") for origin in words(text)):
        raise ValueError("needs addresses with their scheme, such as https://international.your-council.org")
    return words(text)


def web_address(text: str) -> str:
    parts = urlsplit(text.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise ValueError("is no address without a path, such as https://international.your-council.org")
    return text.rstrip("/")


def mail_address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError("is no mail address, such as international@your-council.org") from None
    return text


def contact(text: str) -> str:
    if not re.fullmatch(r"(mailto:[^@\s]+@|https://|tel:\+)\S+", text):
        raise ValueError("is no address such as mailto:security@your-council.org or https://your-council.org/security")
    return text


def page_or_mail(text: str) -> str:
    if not re.fullmatch(r"(mailto:[^@\s]+@|https?://)\S+", text):
        raise ValueError("is no address such as https://office.your-country.eu or mailto:office@your-country.eu")
    return text


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no date such as 2026-11-21") from None


def country(text: str) -> str:
    """A country by its code (ISO 3166-1)."""
    if text.upper() not in COUNTRIES:
        raise ValueError("is no code of a country, which has two letters, such as GB, DE or US")
    return text.upper()


def licence(text: str) -> Licence:
    """A licence by its code (SPDX)."""
    if text not in LICENCES:
        raise ValueError(f"is none of {', '.join(LICENCES)}")
    return LICENCES[text]


def wikidata_item(text: str) -> str:
    """An item of Wikidata by its id."""
    if not re.fullmatch(r"Q[1-9]\d*", text):
        raise ValueError("is no item of Wikidata, such as Q39121")
    return text


def time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        raise ValueError("is no time zone such as Europe/London") from None


def logo(text: str) -> Logo:
    return Logo.read(Path(text).resolve())


def log_level(text: str) -> str:
    if text not in logging.getLevelNamesMapping():
        raise ValueError("is no level such as INFO or WARNING")
    return text


def log_format(text: str) -> str:
    if text not in ("plain", "json"):
        raise ValueError("is neither plain nor json")
    return text


def database(text: str) -> dict:
    scheme = text.partition(":")[0]
    if scheme not in SCHEMES:
        raise ValueError("is no address such as postgres://user:password@localhost:5432/twinning")
    try:
        found = Env.db_url_config(text)
    except ValueError:
        raise ValueError(PERCENT) from None
    host, escapes = found.get("HOST", ""), re.findall("%(..)?", text)
    if not found.get("NAME") or "@" in host or not all(re.fullmatch("[0-9A-Fa-f]{2}", code) for code in escapes):
        raise ValueError(PERCENT)
    return found


def mail_server(text: str) -> dict:
    try:
        return Env.email_url_config(text)
    except ImproperlyConfigured:
        raise ValueError("is no address such as smtp+tls://user:password@mail.your-council.org:587") from None
    except ValueError:
        raise ValueError(PERCENT) from None


def scanner(text: str) -> str:
    try:
        parse_address(text)
    except ValueError:
        raise ValueError("is neither tcp://host:port nor unix:///path of a clamd") from None
    return text


def recipient(text: str) -> str:
    if not text.startswith(("age1", "ssh-", "/")):
        raise ValueError("is neither a public key of age, which begins with age1, nor the path of a file with several")
    return text


def redis(text: str) -> str:
    url = urlsplit(text)
    if url.scheme not in ("redis", "rediss", "unix") or not (url.path if url.scheme == "unix" else url.hostname):
        raise ValueError("is no address of a Redis, such as redis://localhost:6379/1")
    return text


def four_eyes(text: str) -> str:
    if text not in ("another", "with-reason", "alone"):
        raise ValueError("is none of another, with-reason and alone")
    return text


def internal_path(text: str) -> str:
    if not re.fullmatch(r"/[\w/-]*/", text):
        raise ValueError("is no path such as /protected/, with a slash at both ends")
    return text


def bucket(text: str) -> str:
    if not importlib.util.find_spec("boto3"):
        raise ValueError("needs the packages that are installed by: bin/bootstrap requirements-s3.txt")
    return text


# Those of environ's own words.
BY_TYPE = {bool: switch, int: whole_number, list: words}
