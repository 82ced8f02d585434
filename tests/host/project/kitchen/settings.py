"""A project with a user model and a model of its own. What it adds for comments is marked "live comments"."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = "of-a-project-of-the-tests-that-is-never-deployed-0123456789"  # noqa: S105 - no secret
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "kitchen.urls"
AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "admin:login"
STATIC_URL = "static/"
LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_THOUSAND_SEPARATOR = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "people",
    "recipes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
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
            ],
        },
    },
]

INSTALLED_APPS = ["daphne", *INSTALLED_APPS, "comments", "realtime"]  # live comments
ASGI_APPLICATION = "kitchen.asgi.application"  # live comments
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}  # live comments
COMMENTS_SOCKET_PREFIX = "live/"  # of its own choice; without this line it is "ws/"
