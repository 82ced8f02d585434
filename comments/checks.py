"""System checks of what comments need in a project; each names the mistake and the way to mend it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.core.validators import slug_re
from django.db.models import Model
from django.shortcuts import resolve_url
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse
from django.utils.module_loading import import_string

from comments.conf import setting
from comments.models import LONGEST_EMOJI
from comments.subjects import Subject, declared, has_model, registered

EMOJI = re.compile(rf"[^\s./]{{1,{LONGEST_EMOJI}}}")  # it stands in a list of words, and in an address
NUMBERS = {
    "COMMENTS_EDIT_WINDOW": "seconds",
    "COMMENTS_UNDO_WINDOW": "seconds",
    "COMMENTS_VERIFY_PERIOD": "seconds",
    "COMMENTS_VERIFY_RATE": "questions",
}
PREFIX = re.compile(r"[\w.~/-]*", re.ASCII)
REQUEST = "django.template.context_processors.request"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
SESSIONS_IN_DATABASE = ("django.contrib.sessions.backends.db", "django.contrib.sessions.backends.cached_db")


def check_subjects(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Look at the subjects that the project registered."""
    subjects = declared()
    if not subjects:
        hint = "Register a subject in live.py of an app: README, “In your own project”, has one in six lines."
        return [Warning("Nothing can be commented on.", hint=hint, id="comments.W001")]
    found = [problem for subject in subjects for problem in _problems_of(subject)]
    return [*found, *_words_used_twice(registered()), *_models_used_twice(registered())]


def check_settings(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Look at the settings of the comments, and at those of Django that they rest on."""
    found: list[CheckMessage] = []
    prefix = setting("COMMENTS_SOCKET_PREFIX")
    if not isinstance(prefix, str) or not PREFIX.fullmatch(prefix):
        text = f"COMMENTS_SOCKET_PREFIX is {prefix!r}, below which no socket can have an address."
        found.append(Error(text, hint='Write words and slashes, as in "live/".', id="comments.E011"))
    try:
        if not callable(import_string(setting("COMMENTS_NAME_OF"))):
            raise ImportError("it is no function")
    except ImportError as error:
        text = f"COMMENTS_NAME_OF is {setting('COMMENTS_NAME_OF')!r}, which can't be used: {error}."
        hint = "Name a function from a user to the name that is shown beside their comments."
        found.append(Error(text, hint=hint, id="comments.E012"))
    if setting("COMMENTS_RATES_CACHE") not in settings.CACHES:
        text = f"COMMENTS_RATES_CACHE is {setting('COMMENTS_RATES_CACHE')!r}, and CACHES has no such cache."
        found.append(Error(text, hint="Name one of CACHES.", id="comments.E016"))
    if not settings.USE_TZ:
        text = "USE_TZ is off, so the times of comments have no time zone, and pages show them wrongly."
        found.append(Error(text, hint="Set USE_TZ = True.", id="comments.E013"))
    return [*found, *_problems_of_numbers(), *_problems_of_reactions()]


def _problems_of_numbers() -> Iterator[CheckMessage]:
    for name, what in NUMBERS.items():
        value = setting(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            text = f"{name} is {value!r}, which is no number of {what}."
            yield Error(text, hint=f"Give a number of {what}; 0 means never.", id="comments.E014")


def _problems_of_reactions() -> Iterator[CheckMessage]:
    kinds = setting("COMMENTS_REACTIONS")
    is_list = isinstance(kinds, list | tuple)
    if not is_list or not all(isinstance(kind, str) and EMOJI.fullmatch(kind) for kind in kinds):
        text = f"COMMENTS_REACTIONS is {kinds!r}, which is no list of emojis."
        hint = f"Give a list of texts of at most {LONGEST_EMOJI} characters without spaces, dots and slashes."
        yield Error(text, hint=hint, id="comments.E015")
    elif len(set(kinds)) < len(kinds):
        text = f"COMMENTS_REACTIONS is {kinds!r}, which has an emoji twice."
        yield Error(text, hint="Name each once.", id="comments.E015")


def check_addresses(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Look whether the addresses that every section names exist."""
    found: list[CheckMessage] = []
    try:
        reverse("comments:me")
    except NoReverseMatch:
        hint = 'Add path("comments/", include("comments.urls")) to the project\'s URLs, below any prefix.'
        found.append(Error("comments.urls is included nowhere.", hint=hint, id="comments.E021"))
    try:
        resolve_url(settings.LOGIN_URL)
    except NoReverseMatch:
        text = f"LOGIN_URL is {settings.LOGIN_URL!r}, which is no address; every section links to it."
        found.append(Error(text, hint="Set it to a path or to the name of a URL.", id="comments.E022"))
        return found
    if not _is_answered(resolve_url(settings.LOGIN_URL)):
        text = f"Nothing answers LOGIN_URL ({settings.LOGIN_URL!r}), to which every section links."
        urls = 'path("accounts/", include("django.contrib.auth.urls"))'
        hint = f"Set it to the page where people log in, or have one: {urls} is Django's."
        found.append(Warning(text, hint=hint, id="comments.W023"))
    return found


def _is_answered(url: str) -> bool:
    """Whether the project has the page of this address; of other sites' nothing is known."""
    address = urlsplit(url)
    if address.netloc:
        return True
    try:
        resolve("/" + address.path.removeprefix(get_script_prefix()).removeprefix("/"))
    except Resolver404:
        return False
    return True


def check_surroundings(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Look at the apps, the middleware and the templates of the project."""
    found: list[CheckMessage] = []
    wanted = ["django.contrib.auth", "django.contrib.contenttypes"]
    if settings.SESSION_ENGINE in SESSIONS_IN_DATABASE:
        wanted.append("django.contrib.sessions")
    for app in (app for app in wanted if not apps.is_installed(app)):
        text = f"Comments need {app}."
        found.append(Error(text, hint="Add it to INSTALLED_APPS.", id="comments.E031"))
    if not any(_is_authentication(path) for path in settings.MIDDLEWARE):
        text = f"MIDDLEWARE has no {AUTHENTICATION}, so nobody knows who reads a page."
        hint = "Add it behind django.contrib.sessions.middleware.SessionMiddleware."
        found.append(Error(text, hint=hint, id="comments.E032"))
    templates = [engine for engine in engines.all() if isinstance(engine, DjangoTemplates)]
    if not any(REQUEST in engine.engine.context_processors for engine in templates):
        text = "Templates have no `request`, so {% live_comments %} can show nothing."
        hint = f"Add {REQUEST} to the context processors of TEMPLATES."
        found.append(Warning(text, hint=hint, id="comments.W033"))
    return found


def register_checks() -> None:
    """Have Django run these checks."""
    for check in (check_subjects, check_settings, check_addresses, check_surroundings):
        register(check)


def _problems_of(subject: Any) -> Iterator[CheckMessage]:
    name = type(subject).__name__
    if not isinstance(subject, Subject):
        hint = "Derive it from comments.subjects.Subject, and override what differs."
        yield Error(f"{name} is registered and is no Subject.", hint=hint, obj=name, id="comments.E001")
        return
    if not has_model(subject):
        text = f"{name} has no model: `model` is {getattr(subject, 'model', None)!r}."
        hint = "Set `model` to the class of what can be commented on."
        yield Error(text, hint=hint, obj=name, id="comments.E002")
        return
    model = subject.model
    yield from _problems_of_words(subject, name)
    yield from _problems_of_fields(subject, name)
    if type(subject).url is Subject.url and not hasattr(model, "get_absolute_url"):
        text = f"{name} does not know where an object's page is: {model.__name__} has no get_absolute_url."
        hint = f"Give {model.__name__} that method, or override `url` of {name}."
        yield Error(text, hint=hint, obj=name, id="comments.E006")


def _problems_of_words(subject: Subject, name: str) -> Iterator[CheckMessage]:
    for what in ("kind", "collection"):
        word = getattr(subject, what)
        if not slug_re.match(str(word)):
            text = f"The {what} of {name} is {word!r}, which can't stand in an address."
            hint = "Use letters, digits, hyphens and underscores only."
            yield Error(text, hint=hint, obj=name, id="comments.E003")


def _problems_of_fields(subject: Subject, name: str) -> Iterator[CheckMessage]:
    options = subject.model._meta
    if subject.key_field != "pk" and type(subject).find is Subject.find:
        try:
            is_unique = getattr(options.get_field(subject.key_field), "unique", False)
        except FieldDoesNotExist:
            text = f"key_field of {name} is {subject.key_field!r}, which {options.object_name} does not have."
            hint = "Name a unique field, or leave key_field out to use the primary key."
            yield Error(text, hint=hint, obj=name, id="comments.E004")
        else:
            if not is_unique:
                text = f"key_field of {name} is {subject.key_field!r}, which two objects may share."
                hint = f"Make the field of {options.object_name} unique, or override `find` of {name}."
                yield Error(text, hint=hint, obj=name, id="comments.E005")
    for field in subject.search_fields:
        try:
            subject.model._base_manager.filter(**{f"{field}__icontains": ""})
        except FieldError:
            text = f"search_fields of {name} has {field!r}, which is no text field of {options.object_name}."
            hint = "Name fields that hold text."
            yield Error(text, hint=hint, obj=name, id="comments.E007")


def _words_used_twice(subjects: Sequence[Subject]) -> Iterator[CheckMessage]:
    words = Counter(word for subject in subjects for word in {subject.kind, subject.collection})
    for word in sorted(word for word, times in words.items() if times > 1):
        text = f"Two subjects have the word {word!r} in their addresses, as kind or collection."
        hint = "Give one of them a `kind` and a `collection` of its own."
        yield Error(text, hint=hint, obj=word, id="comments.E008")


def _models_used_twice(subjects: Sequence[Subject]) -> Iterator[CheckMessage]:
    models = Counter(_concrete(subject.model)._meta.label for subject in subjects)
    for label in sorted(label for label, times in models.items() if times > 1):
        text = f"{label} has two subjects; only the first one counts."
        yield Error(text, hint="Keep one.", obj=label, id="comments.E009")


def _concrete(model: type[Model]) -> type[Model]:
    return model._meta.concrete_model or model


def _is_authentication(path: str) -> bool:
    from django.contrib.auth.middleware import AuthenticationMiddleware

    try:
        middleware = import_string(path)
    except ImportError:
        return False  # Django itself says so
    return isinstance(middleware, type) and issubclass(middleware, AuthenticationMiddleware)
