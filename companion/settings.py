"""Django's settings. Secrets and addresses come from the environment (companion/local/environment.py names them)."""

import logging
import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

from companion.fan.release import static_release
from companion.local.catalogs import languages
from companion.local.environment import resolve
from companion.logs import configure_sentry, configure_structlog, level_of, logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = resolve(os.environ)
PRODUCTION = ENVIRONMENT.production
DATA_DIR = Path(ENVIRONMENT.data_dir)


def flag(name: str, default: str = "on") -> bool:
    return os.environ.get(name, default).lower() not in ("off", "0", "false", "no")


def number(name: str, default: float) -> float:
    value = os.environ.get(name, str(default))
    try:
        return float(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}") from None


SECRET_KEY = ENVIRONMENT.secret_key
# Signs and seals the audit chain; apart from SECRET_KEY so that rotating sessions does not break the chain.
AUDIT_KEY = os.environ.get("COMPANION_AUDIT_KEY", SECRET_KEY)
# Seals staff's TOTP secrets; apart from SECRET_KEY so that rotating sessions does not lock the team out.
MFA_KEY = os.environ.get("COMPANION_MFA_KEY", AUDIT_KEY)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("COMPANION_ALLOWED_HOSTS", "" if PRODUCTION else "*").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("COMPANION_ORIGINS", "").split(",") if origin]
# How many proxies of ours stand in front and append to X-Forwarded-For; 0: the peer's address counts.
TRUSTED_PROXIES = int(number("COMPANION_TRUSTED_PROXIES", 0))

INSTALLED_APPS = [
    "companion.console",
    "unfold.apps.BasicAppConfig",  # the site is our own (companion/console/site.py)
    "unfold.contrib.filters",
    "companion.console.apps.ConsoleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Only there is daphne used (docs/adr/0003), and importing it is a sixth of every process's start.
    *(["daphne"] if "runserver" in sys.argv else []),
    "django.contrib.staticfiles",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "django_prometheus",
    "django_rq",
    "django_structlog",
    "companion.kernel",
    "tenancy",
    "moderation",
    "billing",
    "personas",
    "memory",
    "conversations",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "companion.language.LanguageMiddleware",
    "companion.middleware.EdgeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tenancy.sessions.DeviceSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "companion.urls"
ASGI_APPLICATION = "companion.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def database(url: str, *, pooled: bool) -> dict[str, object]:
    """A DATABASES entry from a postgresql:// address."""
    parts = urlsplit(url)
    options: dict[str, object] = {"pool": {"min_size": 0, "max_size": 12, "timeout": 10}} if pooled else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # the pool keeps connections
        "CONN_HEALTH_CHECKS": True,  # and looks whether one still lives: a restarted Postgres costs no request
        "OPTIONS": options,
    }


# default: web, sockets, jobs, console; bound by row security. owner: migrates. system: relay, sweeps, commands.
DATABASES = {
    "default": database(ENVIRONMENT.database_url, pooled=True),
    "owner": database(ENVIRONMENT.database_owner_url, pooled=False),
    "system": database(ENVIRONMENT.database_system_url, pooled=False),
}
DATABASE_ROUTERS = ["companion.kernel.routers.OneDatabase"]
DATABASE_URL = ENVIRONMENT.database_url
DATABASE_SYSTEM_URL = ENVIRONMENT.database_system_url
REDIS_URL = ENVIRONMENT.redis_url

AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/console/login/"

# Accounts: django-allauth headless, app client, JWT. tenancy/accounts.py says when a token is void.
ACCOUNT_ADAPTER = "tenancy.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "tenancy.signup.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("COMPANION_EMAIL_VERIFICATION", "mandatory" if PRODUCTION else "optional")
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("app",)
HEADLESS_FRONTEND_URLS = {"account_reset_password": "/", "account_signup": "/"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
HEADLESS_TOKEN_STRATEGY = "tenancy.refreshing.TokenStrategy"  # noqa: S105 -- a class, no secret
HEADLESS_JWT_ALGORITHM = "HS256"
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True
HEADLESS_JWT_ROTATE_REFRESH_TOKEN = True
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 15 * 60
HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN = 14 * 24 * 60 * 60
SESSION_ENGINE = "tenancy.sessions"
SESSION_COOKIE_AGE = HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN  # each refresh prolongs the session behind the tokens
# The second step of a staff log-in (tenancy/mfa.py). No type is "supported": it is set up and taken away in the console
# alone, where that is audited; the API asks for the code of whoever has one.
MFA_ADAPTER = "tenancy.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES: list[str] = []
MFA_RECOVERY_CODE_DIGITS = 10
# Whether the platform's own staff need one; for an artist's team, Artist.staff_totp_required says so.
STAFF_TOTP_REQUIRED = os.environ.get("COMPANION_STAFF_TOTP", "") == "required"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "companion.formats"
LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code in ("en", *languages())]  # a language is a file in locale/
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_TZ = True
TIME_ZONE = "UTC"
LOGIN_REDIRECT_URL = "/console/"

# A part of every file's address, so that caches may keep each for good and relative imports lead to the same release.
STATIC_RELEASE = static_release(BASE_DIR / "static", BASE_DIR / "requirements.txt")
STATIC_URL = f"/static/{STATIC_RELEASE}/"
STATIC_ROOT = Path(os.environ.get("COMPANION_STATIC_ROOT", DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Shared by all processes: allauth counts its throttles here (kernel/boot.py refuses a cache of one process).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "layer"},
    }
}
RQ_QUEUES = {"default": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 300, "SERIALIZER": "rq.serializers.JSONSerializer"}}

# The console sends Alpine, which needs eval (design/console/README.md); the pages for fans send the strict one.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}

UNFOLD = {
    "SITE_TITLE": "Voice Companion",
    "SITE_HEADER": "companion.console.navigation.site_header",
    "SITE_SUBHEADER": "companion.console.navigation.site_subheader",
    "SITE_DROPDOWN": "companion.console.navigation.site_dropdown",
    "ENVIRONMENT": "companion.console.frame.environment",
    "SITE_SYMBOL": "graphic_eq",
    "SITE_FAVICONS": [{"rel": "icon", "href": lambda _request: static("fan/icons/any-192.png")}],
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [
        lambda _request: static("console/console.css"),
        lambda _request: static("console/filters.css"),
        lambda _request: static("console/words.css"),
        lambda _request: static("console/rule_try.css"),
        lambda _request: static("console/timeline.css"),
        lambda _request: static("console/gate.css"),
        lambda _request: static("console/corpus.css"),
    ],
    "SCRIPTS": [
        lambda _request: static("console/console.js"),
        lambda _request: static("console/rule_try.js"),
    ],
    "COLORS": {"primary": "companion.console.navigation.accent"},
    "SIDEBAR": {"navigation": "companion.console.navigation.sidebar", "show_search": True, "command_search": True},
    "ACCOUNT": {"navigation": "companion.console.navigation.account"},
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = flag("COMPANION_SSL_REDIRECT")
    SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|metrics)$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# The product's own
DEFAULT_ARTIST = os.environ.get("COMPANION_DEFAULT_ARTIST", "aria")
MINIMUM_AGE = int(number("COMPANION_MINIMUM_AGE", 13))
RATE_LIMITS = flag("COMPANION_RATE_LIMITS")
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = RATE_LIMITS and {
    "signup": "30/m/ip",
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
}
DRAIN_S = number("COMPANION_DRAIN_S", 10)
HEARTBEAT_S = 30
# A session without a word for so long has ended, and what was said in it is read for memories.
MEMORY_IDLE_S = number("COMPANION_MEMORY_IDLE_S", 600)
WINDOW_PAIRS = int(number("COMPANION_WINDOW_PAIRS", 12))
WEB_PROCESSES = int(number("COMPANION_WEB_PROCESSES", 1))
RELEASE_JUDGE = flag("COMPANION_RELEASE_JUDGE", "off")
OFFLINE_TOKEN_MS = number("COMPANION_OFFLINE_TOKEN_MS", 15)
CONNECT_TIMEOUT_S = number("COMPANION_CONNECT_TIMEOUT_S", 2)
FIRST_TOKEN_TIMEOUT_S = number("COMPANION_FIRST_TOKEN_TIMEOUT_S", 8)
FIRST_TOKEN_TOTAL_S = number("COMPANION_FIRST_TOKEN_TOTAL_S", 15)
TURN_TIMEOUT_S = number("COMPANION_TURN_TIMEOUT_S", 60)
BREAKER_FAILURES = int(number("COMPANION_BREAKER_FAILURES", 5))
BREAKER_COOLDOWN_S = number("COMPANION_BREAKER_COOLDOWN_S", 15)

# Which provider answers, a pipeline each: COMPANION_LLM=openai with _BASE_URL, _API_KEY, _MODEL.
PIPELINES = ("LLM", "STT", "TTS", "EMBEDDINGS", "MODERATION")
PROVIDERS = {
    pipeline: {
        "name": os.environ.get(f"COMPANION_{pipeline}", "offline"),
        "base_url": os.environ.get(f"COMPANION_{pipeline}_BASE_URL", ""),
        "api_key": os.environ.get(f"COMPANION_{pipeline}_API_KEY", ""),
        "model": os.environ.get(f"COMPANION_{pipeline}_MODEL", ""),
    }
    for pipeline in PIPELINES
}
# Minor units per million tokens (billing/prices.py); a model that is not there has "no price set".
LLM_PRICES = os.environ.get("COMPANION_LLM_PRICES", "")
LLM_FALLBACK = [name for name in os.environ.get("COMPANION_LLM_FALLBACK", "").split(",") if name]

# Which jobs the outbox's events lead to (kernel/relay.py).
OUTBOX_SUBSCRIPTIONS = "companion.subscriptions.SUBSCRIPTIONS"
# What the scheduler runs besides the kernel's own work.
RECURRING_WORK = "companion.subscriptions.RECURRING"

# E-mail: smtp://user:password@host:port (STARTTLS), smtps:// (TLS). Without it a developer finds each in a file, and
# production, where boot.py insists on it as long as addresses are to be confirmed, sends nothing.
SMTP = urlsplit(os.environ.get("COMPANION_SMTP_URL", ""))
MAILER = "smtp" if SMTP.hostname else "dummy" if PRODUCTION else "filebased"
EMAIL_BACKEND = f"django.core.mail.backends.{MAILER}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST, EMAIL_PORT = SMTP.hostname or "", SMTP.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(SMTP.username or ""), unquote(SMTP.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP.scheme == "smtps", SMTP.scheme == "smtp"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("COMPANION_EMAIL_FROM", "Voice Companion <no-reply@localhost>")

LOGGING = logging_config(level_of(os.environ.get("COMPANION_LOG_LEVEL", "INFO")))
# The library would wrap request.user so that allauth cannot put a token's user there; addresses are personal data.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
# Paused, or a dependency away: an answer that is meant. What failed has an error's line of its own, with its traceback.
DJANGO_STRUCTLOG_STATUS_5XX_LOG_LEVEL = logging.WARNING
configure_structlog()
configure_sentry(
    os.environ.get("SENTRY_DSN", ""), "production" if PRODUCTION else "local", os.environ.get("COMPANION_RELEASE", "")
)

if PRODUCTION and not RATE_LIMITS:
    raise ImproperlyConfigured("COMPANION_RATE_LIMITS=off is for load tests; COMPANION_ENV=production refuses it")
