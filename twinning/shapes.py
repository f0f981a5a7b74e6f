"""Shapes of settings: what a council says in one word or address, as Django and its libraries want to read it."""

from pathlib import Path
from urllib.parse import urlsplit

CONNECT_TIMEOUT, MAIL_TIMEOUT, REDIS_TIMEOUT = 3, 5, 3  # seconds


def sqlite(path: Path) -> dict:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path}


# Without these, concurrent writers fail with "database is locked", a power cut may lose a commit, and a long list is sorted
# on a disk that may be full.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # writers wait in no order here, so that one of many may wait long
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;",
}


def postgresql(url: dict, *, lock_timeout: int | None, patience: int) -> dict:
    """DATABASE_URL with the limits of each connection, in seconds; none for what may take its time (``lock_timeout``)."""
    limits = {"connect_timeout": CONNECT_TIMEOUT}
    if lock_timeout:
        limits["options"] = f"-c lock_timeout={lock_timeout}s -c statement_timeout={patience}s"
    return url | {
        "ENGINE": "twinning.core.web.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": limits | url.get("OPTIONS", {}),
    }


def mailer(url: dict) -> dict:
    """EMAIL_URL in the words of MAILERS. Somebody in the office waits for the mail server, so never for long."""
    if not url["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        return {"BACKEND": url["EMAIL_BACKEND"]}
    options = {
        "host": url["EMAIL_HOST"],
        "port": url["EMAIL_PORT"],
        "username": url["EMAIL_HOST_USER"],
        "password": url["EMAIL_HOST_PASSWORD"],
        "use_tls": url.get("EMAIL_USE_TLS", False),
        "use_ssl": url.get("EMAIL_USE_SSL", False),
        "timeout": MAIL_TIMEOUT,
    }
    return {"BACKEND": url["EMAIL_BACKEND"], "OPTIONS": options}


def redis_cache(url: str) -> dict:
    limits = {"socket_connect_timeout": REDIS_TIMEOUT, "socket_timeout": REDIS_TIMEOUT}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "OPTIONS": limits}


def sign_on(**app) -> dict:
    """The council's own sign-on in the words of SOCIALACCOUNT_PROVIDERS."""
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [{"provider_id": "council", **app}]}}


def origin(url: str) -> str:
    """The scheme and the host of an address."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def logging(*, level: str, form: str) -> dict:
    """The log in the words of LOGGING: all of it on standard error."""
    formatter = "JsonFormatter" if form == "json" else "Formatter"
    line = {
        "class": f"twinning.core.web.logs.{formatter}",
        "format": "{asctime} {levelname} {name}: {message}",
        "style": "{",
    }
    console = {"handlers": ["console"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "filters": {"outages": {"()": "twinning.core.web.outages.OncePerMinute"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["outages"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": console,
            "django.server": console,
            # It warns of a constraint that cannot be checked, with the values; the same error follows.
            "django.db.models": {"level": "ERROR"},
            "fido2": {"level": "WARNING"},
        },
    }
