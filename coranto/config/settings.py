"""Django's settings, composed from `env.py`; nothing here is meant to be edited for one site."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from coranto.config import folder
from coranto.config.env import environment
from coranto.config.routing import SIDE
from coranto.delivery.rules.entitlement import SESSION_COOKIE
from coranto.delivery.rules.front import Front, read_front
from coranto.mailroom.rules.servers import read_key_files, read_server

env = environment()
PACKAGE = Path(__file__).resolve().parent.parent
DATA = env.coranto_data

DEBUG = env.coranto_debug
SECRET_KEY = folder.secret_key(DATA)
ALLOWED_HOSTS = sorted({env.host, "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [env.coranto_origin]
ORIGIN = env.coranto_origin
TRUSTED_PROXIES = env.coranto_trusted_proxies

DATABASE_URL = env.database_url
REDIS_URL = env.redis_url
FRONT_CACHE: Front | None = read_front(env.coranto_front_cache)
METRICS_TOKEN = env.coranto_metrics_token
PAGE_STORE_MB = env.coranto_page_store_mb

INSTALLED_APPS = [
    "coranto.theme",
    "coranto.importers",
    "coranto.feeds",
    "coranto.audience",
    "coranto.comments",
    "coranto.desk",
    "coranto.newsroom",
    "coranto.readers",
    "coranto.mailroom",
    "coranto.masthead",
    "coranto.jobs",
    "coranto.delivery",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "coranto.delivery.middleware.DeliveryMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "coranto.theme.middleware.TextCompressionMiddleware",
    "coranto.theme.middleware.StaticFilesMiddleware",
    "coranto.masthead.middleware.PolicyMiddleware",
    "coranto.theme.middleware.PlayerPolicyMiddleware",
    "coranto.masthead.middleware.PublicationMiddleware",
    "coranto.readers.middleware.OwnPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "coranto.readers.middleware.SecondFactorMiddleware",
    "coranto.desk.middleware.HiddenPagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "coranto.newsroom.middleware.FormerAddressMiddleware",
]

ROOT_URLCONF = "coranto.config.urls"
WSGI_APPLICATION = "coranto.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coranto.theme.context.publication",
            ],
        },
    },
]


# Data ---------------------------------------------------------------------------------------------------

_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA cache_size=-32000; "
    "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA temp_store=MEMORY;"
)


def _sqlite(name: str, synchronous: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / name,
        "OPTIONS": {
            # A transaction takes the write lock when it begins: two that read first and write later would
            # otherwise fail with "database is locked" instead of waiting.
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": _PRAGMAS.format(synchronous=synchronous),
        },
        # Opening it for each request, nine PRAGMAs and the schema read anew, costs as much as a quarter of a page.
        "CONN_MAX_AGE": 600,
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


if env.database_url:
    DATABASES = {"default": _postgresql(env.database_url)}
else:
    DATABASES = {
        "default": _sqlite("coranto.sqlite3", "FULL"),
        SIDE: _sqlite("side.sqlite3", "NORMAL"),
    }
    DATABASE_ROUTERS = ["coranto.config.routing.SideRouter"]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Every process would keep a cache of its own and serve what another one has changed: no cache beats a
# stale one. Pages are cached as pages, where a change purges them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "run" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "coranto.theme.backends.FingerprintedStaticFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 86_400  # links carry a fingerprint of the content; what those files name does not
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Whoever sends a mail by Django's own means makes a row as well.
EMAIL_BACKEND = "coranto.mailroom.adapter.MailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM = env.mail_from
MAIL_SERVER = read_server(env.email_url)
MAIL_OUTBOX = DATA / "outbox"
MAIL_BOUNCES = env.coranto_mail_bounces
MAIL_HOOK_SECRET = env.coranto_mail_hook_secret
MAIL_PER_MINUTE = env.coranto_mail_per_minute
MAIL_CONNECTIONS = env.coranto_mail_connections
DKIM_KEYS = read_key_files(env.coranto_dkim_keys)
# The hook's secret is asked of every provider, of those too that sign what they report.
ANYMAIL = {
    "IGNORE_RECIPIENT_STATUS": True,
    "REQUESTS_TIMEOUT": 30,
    **({"WEBHOOK_SECRET": f"coranto:{MAIL_HOOK_SECRET}"} if MAIL_HOOK_SECRET else {}),
    **{f"{MAIL_SERVER.provider.upper()}_{name.upper()}": value for name, value in MAIL_SERVER.options.items()},
}


# Language and time --------------------------------------------------------------------------------------

# The editor chooses both in the admin (masthead); these hold until then and in command lines.
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGES = [
    ("en", _("English")),
    ("en-gb", _("British English")),
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("fa", _("Persian")),
    ("fr", _("French")),
    ("he", _("Hebrew")),
    ("it", _("Italian")),
    ("nl", _("Dutch")),
    ("pl", _("Polish")),
    ("pt", _("Portuguese")),
    ("sv", _("Swedish")),
    ("tr", _("Turkish")),
    ("uk", _("Ukrainian")),
]
LOCALE_PATHS = [PACKAGE / "theme" / "locale"]


# Safety -------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "masthead.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"
WAGTAIL_PASSWORD_RESET_ENABLED = False  # ours, by a code, is at /account/password/reset/
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.is_https
SESSION_COOKIE_NAME = SESSION_COOKIE
CSRF_COOKIE_NAME = "coranto_csrf"
CSRF_FAILURE_VIEW = "coranto.theme.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if env.is_https else 0
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows previews of pages in a frame of its own

_STRICT = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "manifest-src": [SELF],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _STRICT}
# Wagtail's editor writes style elements and small scripts into its pages: /admin/ has a policy of its own.
ADMIN_CONTENT_SECURITY_POLICY = {
    **_STRICT,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "worker-src": [SELF],
}


# Signing in ---------------------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "coranto.readers.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Codes everywhere and links nowhere: mail scanners open links, and a code works only where it was asked for.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the address changes; who has shown something of late is not asked
# Counted in one table for all processes (`readers.adapter`), successes included.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/10m/ip,10/10m/key",
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
    "confirm_email": "3/m/key,10/h/key",
    "reset_password": "20/m/ip,3/m/key,10/h/key",
    "signup": "20/m/ip,60/h/ip",
}
ACCOUNT_FORMS = {
    "signup": "coranto.readers.forms.SignUpForm",
    "add_email": "coranto.readers.forms.AddressForm",
    "request_login_code": "coranto.readers.forms.CodeRequestForm",
    "reset_password": "coranto.readers.forms.NewPasswordForm",
    "change_password": "coranto.readers.forms.PasswordChangeForm",
    "set_password": "coranto.readers.forms.FirstPasswordForm",
    "reset_password_from_key": "coranto.readers.forms.PasswordAnewForm",
    "login": "coranto.readers.forms.SignInForm",
    "confirm_login_code": "coranto.readers.forms.SignInCodeForm",
    "confirm_email_verification_code": "coranto.readers.forms.AddressCodeForm",
    "confirm_password_reset_code": "coranto.readers.forms.PasswordCodeForm",
}
MFA_ADAPTER = "coranto.readers.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # telephones are half a minute off
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "coranto.readers.forms.PasskeyForm",
    "authenticate_webauthn": "coranto.readers.forms.PasskeySecondForm",
    "login_webauthn": "coranto.readers.forms.PasskeySignInForm",
    "reauthenticate_webauthn": "coranto.readers.forms.PasskeyAgainForm",
    "signup_webauthn": "coranto.readers.forms.PasskeySignUpForm",
}


# Wagtail ------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Coranto"
WAGTAILADMIN_BASE_URL = env.coranto_origin
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILREDIRECTS_AUTO_CREATE = False
WAGTAILIMAGES_IMAGE_MODEL = "masthead.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "coranto.masthead.views.uploads.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 40_000_000
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 128_000_000
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []  # nothing is fetched from elsewhere while a page is written
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# No page and no drawing, which could run; whatever it is, it is downloaded and never shown as a page of ours.
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "epub", "ods", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
# The system's own names for "wherever this machine is" are no places a browser knows.
WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "coranto.newsroom.backends"}}
WAGTAIL_APPEND_SLASH = True
WAGTAIL_I18N_ENABLED = False


# Logs ---------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": logging.WARNING},
    "loggers": {
        "coranto": {"level": logging.INFO},
        "django.request": {"level": logging.ERROR},  # a page that is not there is no news to the owner
        "django.security.DisallowedHost": {"level": "ERROR"},
    },
}
