"""Settings of one council's site. Every value a council may change comes from the environment; .env.example lists them."""

from base64 import b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management.utils import get_random_secret_key
from django.http.request import validate_host
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from twinning import judges, shapes
from twinning.environment import IS_COMMAND, Environment
from twinning.laws import DIRECTIVE_COUNTRIES, usual_currency
from twinning.licences import LICENCES

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR / ".env")

# The demonstration runs on one machine, for the person in front of it. It lives apart from any site in the same folder.
DEMO = env.is_demo
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = (BASE_DIR / env.str("VAR_DIR", default="var")).resolve() / ("demo" if DEMO else "")
env.make_folder("VAR_DIR", VAR_DIR)


def _demo_secret_key() -> str:
    """A key of this machine's own, kept so that a restart does not log everybody out."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


if DEMO:
    SECRET_KEY = _demo_secret_key()
else:
    SECRET_KEY = env.own("SECRET_KEY", judges.secret_key, demo="", like="a long random text (see .env.example)")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.own("ALLOWED_HOSTS", judges.hosts, demo=LOCAL_HOSTS, like="international.your-council.org")
CSRF_TRUSTED_ORIGINS = env.get_value("CSRF_TRUSTED_ORIGINS", judges.origins, default=[])

# The council and its city ---------------------------------------------------------------------------------------------
SITE_NAME = env.own("SITE_NAME", demo="Leeds International", like="Wolfsburg International")
SITE_URL = env.own("SITE_URL", judges.web_address, demo="http://localhost:8000", like="https://www.your-council.org")
env.expect(
    "SITE_URL",
    is_right=validate_host(urlsplit(SITE_URL).hostname, ALLOWED_HOSTS),
    right="begins with none of the hosts in ALLOWED_HOSTS; add its host there",
)
COUNCIL_NAME = env.own("COUNCIL_NAME", demo="Leeds City Council", like="Wolfsburg City Council")
COUNTRY = env.own("COUNTRY", judges.country, demo="GB", like="DE")
HOME_CITY = env.own("HOME_CITY", demo="Leeds", like="Wolfsburg")
env.expect(
    "COUNCIL_NAME",
    is_right=COUNCIL_NAME != "Leeds City Council" or HOME_CITY == "Leeds",
    right="is that of the demonstration; write the name of your council",
)
# In the head of the public pages, in place of the name or beside it.
LOGO = env.get_value("LOGO", judges.logo, default=None)
LOGO_BESIDE_NAME = env.bool("LOGO_BESIDE_NAME", default=False)
HOME_LATITUDE = env.own("HOME_LATITUDE", judges.between(-90, 90), demo=53.7997, like="52.4227")
HOME_LONGITUDE = env.own("HOME_LONGITUDE", judges.between(-180, 180), demo=-1.5491, like="10.7865")
# Its item in Wikidata, with which the partnerships can be compared.
HOME_WIKIDATA = env.get_value("HOME_WIKIDATA", judges.wikidata_item, default="Q39121" if DEMO else "")
OFFICE, REPORTS = "international@example.org", "mailto:security@example.org"
CONTACT_EMAIL = env.own("CONTACT_EMAIL", judges.mail_address, demo=OFFICE, like="international@your-council.org")
SECURITY_CONTACT = env.own("SECURITY_CONTACT", judges.contact, demo=REPORTS, like="mailto:security@your-council.org")
# The law that the accessibility statement names and whom readers turn to: where the directive of the European Union holds,
# each country has its own.
ACCESSIBILITY_LAW = env.str("ACCESSIBILITY_LAW", default="")
ACCESSIBILITY_BODY = env.str("ACCESSIBILITY_BODY", default="")
ACCESSIBILITY_BODY_URL = env.get_value("ACCESSIBILITY_BODY_URL", judges.page_or_mail, default="")
env.expect(
    "ACCESSIBILITY_BODY",
    is_right=bool(ACCESSIBILITY_BODY_URL if ACCESSIBILITY_BODY else COUNTRY not in DIRECTIVE_COUNTRIES),
    right="and ACCESSIBILITY_BODY_URL have to be set together, and always where Directive (EU) 2016/2102 holds; right is, for "
    "example: ACCESSIBILITY_BODY=the Clearing Office and ACCESSIBILITY_BODY_URL=https://office.your-country.eu",
)
# Under which licence others may use the open data; without one the page about it says to ask.
DATA_LICENCE = env.get_value("DATA_LICENCE", judges.licence, default=LICENCES["OGL-UK-3.0"] if DEMO else None)
# Dates that the law wants on the accessibility statement.
WRITTEN_ON = date(2026, 11, 21)
ACCESSIBILITY_PREPARED_ON = env.own("ACCESSIBILITY_PREPARED_ON", judges.day, demo=WRITTEN_ON, like="2026-11-21")
ACCESSIBILITY_REVIEWED_ON = env.own("ACCESSIBILITY_REVIEWED_ON", judges.day, demo=WRITTEN_ON, like="2026-11-21")

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
    # Before ours, which takes their tables out of the admin again.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "twinning.core",
    "partners",
    "news",
    "twinning.operations",
]
MIDDLEWARE = [
    "twinning.core.web.request_ids.RequestIdMiddleware",
    "twinning.core.web.visits.VisitMiddleware",
    "twinning.core.web.http.HeadMiddleware",
    "twinning.core.web.outages.TimeLimits",
    "django.middleware.security.SecurityMiddleware",
    "twinning.core.web.http.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "twinning.core.web.http.PublicHeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "twinning.core.web.closing.ClosedSite",
    "twinning.core.publishing.copies.PublishDueCopies",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "twinning.core.web.read_only.ReadOnlySite",
    "allauth.account.middleware.AccountMiddleware",
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
                "twinning.core.web.http.site",
            ],
        },
    },
]
# Parts of forms have their templates where all others are.
FORM_RENDERER = "twinning.core.web.form_parts.FormRenderer"
AUTH_USER_MODEL = "core.User"
if DEMO:
    PASSWORD_HASHERS = ["news.demo.staff.DemonstrationHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Whether browsers of staff keep what is not saved yet, locked; off where people share a computer and its account.
KEEP_UNSAVED_TEXT = env.bool("KEEP_UNSAVED_TEXT", default=True)
# Whether authors may approve their own work: "another" (somebody else does), "with-reason", or "alone" (an office of one).
FOUR_EYES = env.get_value("FOUR_EYES", judges.four_eyes, default="another")
# Whether every quote has to be approved by the speaker's office before a release is public, or only those that were asked about.
QUOTES_NEED_APPROVAL = env.bool("QUOTES_NEED_APPROVAL", default=False)

# What partnerships and agreements are called; empty for the usual names of partners/kinds.py.
PARTNERSHIP_KINDS = env.get_value("PARTNERSHIP_KINDS", judges.kinds, default=[])
AGREEMENT_KINDS = env.get_value("AGREEMENT_KINDS", judges.kinds, default=[])
# How many days before its end an agreement is called “expiring”, and the office is reminded.
AGREEMENT_EXPIRING_DAYS = env.int("AGREEMENT_EXPIRING_DAYS", default=180)

# Whether the public sees visits to and from partner cities, with who paid what (ADR 56), and the sign before their costs.
SHOW_VISITS = env.bool("SHOW_VISITS", default=DEMO)
CURRENCY = env.str("CURRENCY", default=usual_currency(COUNTRY))
env.expect(
    "CURRENCY",
    is_right=bool(CURRENCY) or not SHOW_VISITS,
    right="has to be set where SHOW_VISITS is on, such as CHF or $",
)

# Whether the public sees what newspapers wrote about a release (ADR 66).
SHOW_COVERAGE = env.bool("SHOW_COVERAGE", default=DEMO)
# Whether nothing is saved for a while; `manage.py read_only` does the same without a restart.
READ_ONLY = env.bool("READ_ONLY", default=False)

# Data -----------------------------------------------------------------------------------------------------------------
# Seconds in which the database has to answer a question of the public, or of staff, and to end the wait for a lock. Then a
# form comes back with all that was typed.
PATIENCE_PUBLIC, PATIENCE_STAFF, LOCK_TIMEOUT = 10, 30, 5
SQLITE = shapes.sqlite(VAR_DIR / "db.sqlite3")
DATABASES = {"default": env.get_value("DATABASE_URL", judges.database, default=SQLITE)}
if IS_SQLITE := DATABASES["default"]["ENGINE"] == SQLITE["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = dict(shapes.SQLITE_OPTIONS)
else:
    # Migrations take their time.
    limits = {"lock_timeout": None if IS_COMMAND else LOCK_TIMEOUT, "patience": PATIENCE_STAFF}
    DATABASES["default"] = shapes.postgresql(DATABASES["default"], **limits)
# An open connection keeps SQLite's files beside the database, too: on a full disk they could not be made again.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=None if IS_SQLITE else 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Language and time ----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "twinning/locale"]  # the words of the office instead of those of Django (ADR 63)
TIME_ZONE = env.get_value("TIME_ZONE", judges.time_zone, default="Europe/London")
USE_I18N = True
USE_TZ = True

# Files ----------------------------------------------------------------------------------------------------------------
# Uploads lie outside any public path; twinning.core.files.private serves them through the gate.
MEDIA_ROOT = VAR_DIR / "files"
UPLOADS = {"BACKEND": "twinning.core.files.storage.PrivateStorage"}
# Where deploy/nginx.conf has them for itself. Without it, the site sends them.
ACCEL_REDIRECT = env.get_value("ACCEL_REDIRECT", judges.internal_path, default="")
if S3_BUCKET := env.get_value("S3_BUCKET", judges.bucket, default=""):
    ACCEL_REDIRECT = ""
    UPLOADS = {
        "BACKEND": "twinning.core.files.s3.PrivateS3Storage",
        "OPTIONS": {
            "bucket": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=""),
            "region": env.str("S3_REGION", default=""),
            "access_key": env.str("S3_ACCESS_KEY", default=""),
            "secret_key": env.str("S3_SECRET_KEY", default=""),
        },
    }
# For whom “age” encrypts backups: a key that begins with age1 or ssh-, or the path of a file with several.
BACKUP_RECIPIENT = env.get_value("BACKUP_RECIPIENT", judges.recipient, default="")
# A virus scanner that every upload has to pass: tcp://host:port or unix:///path of a clamd.
CLAMD_URL = env.get_value("CLAMD_URL", judges.scanner, default="")
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "twinning.core.files.uploads.UploadHandler",
]
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
if DEMO:
    env.make_folder("VAR_DIR", STATIC_ROOT)  # nothing is collected there, and WhiteNoise would wonder
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "twinning.core.web.stylesheets.WholeSheetFinder",
    "twinning.core.web.logo.LogoFinder",
]
STORAGES = {
    "default": UPLOADS,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or DEMO
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "png", "jpg", "webp", "avif", "gz", "br", "zip"]

# What is owed and done later, such as the sizes of photos (docs/adr/0018). On when `manage.py work` runs beside the site.
WORKER = env.bool("WORKER", default=False)
OWED = "twinning.core.web.tasks.OwedBackend"
TASKS = {
    "default": {"BACKEND": env.str("TASKS_BACKEND", default=OWED), "OPTIONS": env.json("TASKS_OPTIONS", default={})},
    "owed": {"BACKEND": OWED},
}

# Mail -----------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.get_value("DEFAULT_FROM_EMAIL", judges.mail_address, default=CONTACT_EMAIL)
# Whether readers can have press releases by mail (ADR 45). It needs a mail server that takes them.
ALERTS = env.bool("ALERTS", default=DEMO)
LOCAL_MAIL = judges.mail_server("consolemail://" if DEMO else "smtp://localhost")
MAILERS = {"default": shapes.mailer(env.get_value("EMAIL_URL", judges.mail_server, default=LOCAL_MAIL))}

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
CSRF_FAILURE_VIEW = "twinning.core.editing.resuming.csrf_failure"
# A city can have hundreds of milestones, each with eight fields in its form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=60 * 60 * 12)
if not (DEBUG or DEMO):
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Signing in (ADR 0017; docs/operations.md) ----------------------------------------------------------------------------
# Limits hold for all processes: what they count lies in the database, or in a Redis that they share.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # Whom this process has just refused, so that it need not count again.
    "refusals": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "refusals"},
}
if REDIS_URL := env.get_value("REDIS_URL", judges.redis, default=""):
    CACHES["default"] = shapes.redis_cache(REDIS_URL)
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=False)
AUTHENTICATION_BACKENDS = ["twinning.core.signin.backend.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
ACCOUNT_ADAPTER = "twinning.core.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "twinning.core.signin.forms.LoginForm",
    "reset_password": "twinning.core.signin.forms.ForgottenPasswordForm",
}
# Counted before the password is hashed: attempts by address; failures by address, and by the name that was typed.
# Alerts: wishes by whoever asks, and mails to an address that confirm them.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "alerts": "10/m/ip",
    "alerts_address": "3/h/key",
}
MFA_ADAPTER = "twinning.core.signin.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # administrators enter the addresses
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
# The council's own sign-on, by OpenID Connect.
OIDC_URL = env.str("OIDC_URL", default="")
OIDC_NAME = env.str("OIDC_NAME", default=COUNCIL_NAME) if OIDC_URL else ""
if OIDC_URL:
    INSTALLED_APPS[:0] = ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SECURE_CSP["form-action"].append(shapes.origin(OIDC_URL))
    SOCIALACCOUNT_ADAPTER = "twinning.core.signin.sign_on.SignOnAdapter"
    SOCIALACCOUNT_PROVIDERS = shapes.sign_on(
        name=OIDC_NAME,
        client_id=env.str("OIDC_CLIENT_ID"),
        secret=env.str("OIDC_CLIENT_SECRET"),
        settings={"server_url": OIDC_URL},
    )

# Who has it may ask for /metrics; nobody may without it.
METRICS_TOKEN = env.get_value("METRICS_TOKEN", judges.token, default="")
LOG_LEVEL = env.get_value("LOG_LEVEL", judges.log_level, default="INFO")
LOG_FORMAT = env.get_value("LOG_FORMAT", judges.log_format, default="plain")
LOGGING = shapes.logging(level=LOG_LEVEL, form=LOG_FORMAT)

env.stop_if_wrong()
