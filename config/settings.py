"""Django's settings, all of them from the environment (config/environment.py)."""

import sys
from pathlib import Path
from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

from config.environment import read_environment
from config.errors import BadEnvironment
from config.stores import BASE_DIR

try:
    environment = read_environment()  # in lower case: no setting, so it is on no page that shows settings
except BadEnvironment as error:
    sys.exit(f"The site can't start. {error}")

DEBUG = environment.debug
SECRET_KEY = environment.secret_key
SITE_URL = environment.site_url
SITE_NAME, SITE_TAGLINE = environment.site_name, environment.site_tagline
SITE_DESCRIPTION = environment.site_description
FEED_HOST = environment.feed_host
SITE_ORIGINS = environment.origins
ALLOWED_HOSTS = list(environment.allowed_hosts)
TRUSTED_PROXIES = list(environment.trusted_proxies)
REDIS_URL, REDIS_LOGIN = environment.redis_url, environment.redis_login
COMMENTS_GUESTS = environment.comments_guests
COMMENTS_RATE_LIMITS = environment.rate_limits

INSTALLED_APPS = [
    # First, so that runserver is its. Production has no use for it, and without it starts in half the time.
    *(["daphne"] if environment.debug else []),
    "config",  # for its commands
    "blog",
    "accounts",
    "comments",
    "realtime",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "csp",
    "channels",
]
MIDDLEWARE = [
    "config.health.answer_probes",  # first: a probe names any host, and speaks http
    *(["config.middleware.own_hosts_only"] if environment.debug else []),
    "django.middleware.security.SecurityMiddleware",
    "config.static.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.bodies.only_staff_sends_much",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *(["config.middleware.own_not_found"] if environment.debug else []),
    "config.middleware.in_one_thread",  # last
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
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

SQLITE = environment.database["ENGINE"].endswith("sqlite3")
DATABASE_OPTIONS: dict[str, Any] = (
    {
        # A writer takes the lock when its transaction begins, so that it never fails in the middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,  # s to wait for another writer before the request is refused as busy
        "init_command": "PRAGMA journal_mode=WAL",
    }
    if SQLITE
    else {
        "pool": {"min_size": 1, "max_size": 20, "timeout": 5},
        "connect_timeout": 5,
        # As on SQLite: a request that waits longer than this for another writer is refused as busy.
        "options": "-c lock_timeout=5s -c statement_timeout=15s",
        # A server that fell silent is given up after seconds, not after TCP's quarter of an hour.
        "tcp_user_timeout": 10_000,  # ms
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
    }
)
DATABASES = {
    "default": {
        **environment.database,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**DATABASE_OPTIONS, **environment.database.get("OPTIONS", {})},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Every wait for Redis is bounded: Redis makes the site fast, and must never make it slow.
# redis-py would by default try again for seconds.
REDIS_PATIENCE = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": environment.channel_prefix,
        "OPTIONS": {**REDIS_PATIENCE, **REDIS_LOGIN},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
}
# A group is joined once, and left when its last reader is gone; the layer's default forgets it after a day.
IN_MEMORY = {"capacity": 10_000, "group_expiry": 10**10}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                {
                    "address": REDIS_URL,
                    "socket_connect_timeout": 1.0,
                    "health_check_interval": 15,
                    **REDIS_LOGIN,
                }
            ],
            "prefix": environment.channel_prefix,
        },
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": IN_MEMORY}
}

SESSION_ENGINE = "config.sessions"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# A banned person is told so: by Django's other backend, their password is wrong and they are nobody. With
# either, they may do nothing.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
PASSWORD_HASHERS = ["accounts.hashing.HasherInTurn"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [{"NAME": "accounts.passwords.NotTooLong"}, {"NAME": "comments.rights.NewPassword"}]

STATIC_URL = "/static/"
STATIC_ROOT: Path = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.storage.ModuleStaticFilesStorage"
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "comments.api.authentication.CheckedTokenAuthentication",  # first: its 401 carries WWW-Authenticate
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["comments.api.parsers.ShallowJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "comments.api.errors.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Live comments",
    "DESCRIPTION": "Articles and their comments, as they were and as they change.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of one request's body; larger ones are answered with 413
# A message may be as large as a frame; Daphne's default is 16 times that.
DAPHNE_WEBSOCKET_MAX_MESSAGE_SIZE = 65_536
DAPHNE_WEBSOCKET_MAX_FRAME_SIZE = 65_536

HTTPS = environment.https
CSRF_TRUSTED_ORIGINS = list(SITE_ORIGINS)
CSRF_FAILURE_VIEW = "config.csrf.failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # Browsers take a cookie of such a name from this host only, and over https; from no neighbouring host.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# For this host alone, unless the operator speaks for all names below it, and for all time.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and environment.hsts in ("subdomains", "preload")
SECURE_HSTS_PRELOAD = HTTPS and environment.hsts == "preload"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        # Not every browser counts ws: as 'self'. A policy can't name an address of IPv6.
        "connect-src": [
            "'self'",
            *(origin.replace("http", "ws", 1) for origin in SITE_ORIGINS if "[" not in origin),
        ],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
# Without Redis, the server refuses to start more than one process (config/serve.py). Whether HSTS speaks for
# more than this host is the operator's to say (HSTS).
SILENCED_SYSTEM_CHECKS = ["realtime.W004", "security.W005", "security.W021"]
if not HTTPS:
    # The operator of a site over plain http has said so in SITE_URL; these checks would only repeat it.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

DEFAULT_EXCEPTION_REPORTER = "config.error_pages.DiscreetReporter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_traceback": {"()": "config.logs.WithoutTraceback"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": []},  # the root's is enough
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"filters": ["without_traceback"]},
        "django.channels.server": {"propagate": False},  # runserver prints its own line for each request
    },
}
