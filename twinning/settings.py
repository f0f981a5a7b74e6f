"""Settings of one council's site. Every value a council may change comes from the environment; .env.example lists them."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import environ
from django.core.management.utils import get_random_secret_key
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# The demonstration runs on one machine, for the person in front of it.
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=DEMO)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()


def _demo_secret_key() -> str:
    """A key of this machine's own, kept so that a restart does not log everybody out."""
    path = VAR_DIR / "demo-secret-key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or (_demo_secret_key() if DEMO else env.str("SECRET_KEY"))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# The council and its city ---------------------------------------------------------------------------------------------
SITE_NAME = env.str("SITE_NAME", default="Leeds International")
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
COUNCIL_NAME = env.str("COUNCIL_NAME", default="Leeds City Council")
HOME_CITY = env.str("HOME_CITY", default="Leeds")
HOME_LATITUDE = env.float("HOME_LATITUDE", default=53.7997)
HOME_LONGITUDE = env.float("HOME_LONGITUDE", default=-1.5491)
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="international@example.org")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="mailto:security@example.org")
# Dates that the law wants on the accessibility statement, as ISO 8601.
ACCESSIBILITY_PREPARED_ON = env.str("ACCESSIBILITY_PREPARED_ON", default="2026-11-21")
ACCESSIBILITY_REVIEWED_ON = env.str("ACCESSIBILITY_REVIEWED_ON", default="2026-11-21")

# Applications ---------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "twinning.core.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_countries",
    "django_prose_editor",
    "twinning.core",
    "partners",
    "news",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "twinning.core.http.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "twinning.core.http.PublicHeadersMiddleware",
    "twinning.core.copies.PublishDueCopies",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "twinning.urls"
WSGI_APPLICATION = "twinning.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "static"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "twinning.core.http.site",
            ],
        },
    },
]
# Parts of forms have their templates where all others are.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

# Data -----------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without these, concurrent writers fail with "database is locked" and a power cut may lose a commit.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Language and time ----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en-gb")
LANGUAGES = [("en-gb", _("English"))]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/London")
USE_I18N = True
USE_TZ = True

# Files ----------------------------------------------------------------------------------------------------------------
# Uploads lie outside any public path; twinning.core.files serves them through the gate.
MEDIA_ROOT = VAR_DIR / "files"
# What browsers get of a photo takes seconds to make; the form does not wait for it.
RENDITIONS_IN_BACKGROUND = True
UPLOADS = {"BACKEND": "twinning.core.storage.PrivateStorage"}
# Where deploy/nginx.conf has them for itself. Without it, the site sends them.
ACCEL_REDIRECT = env.str("ACCEL_REDIRECT", default="")
if S3_BUCKET := env.str("S3_BUCKET", default=""):
    ACCEL_REDIRECT = ""
    UPLOADS = {
        "BACKEND": "twinning.core.s3.PrivateS3Storage",
        "OPTIONS": {
            "bucket": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=""),
            "region": env.str("S3_REGION", default=""),
            "access_key": env.str("S3_ACCESS_KEY", default=""),
            "secret_key": env.str("S3_SECRET_KEY", default=""),
        },
    }
# A virus scanner that every upload has to pass: tcp://host:port or unix:///path of a clamd.
CLAMD_URL = env.str("CLAMD_URL", default="")
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "twinning.core.uploads.UploadHandler",
]
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "twinning.core.stylesheets.WholeSheetFinder",
]
STORAGES = {
    "default": UPLOADS,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "png", "jpg", "webp", "avif", "gz", "br", "zip"]

# Mail -----------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=CONTACT_EMAIL)


def _mailer(url: dict) -> dict:
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
        "timeout": 5,
    }
    return {"BACKEND": url["EMAIL_BACKEND"], "OPTIONS": options}


MAILERS = {
    "default": _mailer(env.email_url("EMAIL_URL", default="consolemail://" if DEMO else "smtp://localhost")),
}

# Safety ---------------------------------------------------------------------------------------------------------------
# The one script that stands in the pages themselves is known by what it says: docs/adr/0011.
TEXT_SIZE = sha256((BASE_DIR / "static/core/text-size.js").read_bytes()).digest()
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE, f"'sha256-{b64encode(TEXT_SIZE).decode()}'"],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
# A city can have hundreds of milestones, each with eight fields in its form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=60 * 60 * 12)
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "twinning.core.logs.Formatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        name: {"handlers": ["console"], "level": "INFO", "propagate": False} for name in ("django", "django.server")
    },
}
