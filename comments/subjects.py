"""What can be commented on: a project says it in `live.py` of its own apps, found like `admin.py`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet

from comments.errors import not_found
from comments.outages import OUTAGES, unexpected

logger = logging.getLogger(__name__)

T = TypeVar("T")
LONGEST_KEY = 255  # characters of a key, in an address and as stored


class Subject:
    """One kind of things that can be commented on; a project's own class derives from it.

    model: the model of those things. kind: the word for it in addresses, the model's name by default.
    collection: the word for it in addresses of the HTTP API, the kind by default. key_field: the field whose
    value is the key in addresses, the primary key by default. search_fields: what the admin looks through.
    """

    model: type[Model]
    kind: str = ""
    collection: str = ""
    key_field: str = "pk"
    search_fields: ClassVar[tuple[str, ...]] = ()

    def all(self) -> QuerySet[Any]:
        """Every object, also those that the model's default manager leaves out.

        It may defer what neither title nor address need.
        """
        return self.model._base_manager.all()

    def public(self) -> QuerySet[Any]:
        """The objects that everybody may see, as `all` gives them.

        By default they are those of the model's default manager, which may leave out what was thrown away.
        """
        return self.all().filter(pk__in=self.model._default_manager.values("pk"))

    def find(self, key: str) -> Model | None:
        """The public object with this key in its address, now or formerly; None if there is none."""
        try:
            self._key_field().to_python(key)
        except ValidationError:  # letters for a number, say: there is none
            return None
        found: Model | None = self.public().filter(**{self.key_field: key}).first()
        return found

    def _key_field(self) -> Field[Any, Any]:
        options = self.model._meta
        return options.pk if self.key_field == "pk" else options.get_field(self.key_field)  # type: ignore[return-value]

    def key(self, target: Any) -> str:
        """The key of an object in its address."""
        return str(getattr(target, self.key_field))

    def title(self, target: Any) -> str:
        """What an object is called, for people."""
        return str(target)

    def url(self, target: Any) -> str:
        """Where an object's page is, with its comments on it."""
        return str(target.get_absolute_url())

    def revision(self, target: Any) -> int:
        """A number that grows whenever readers get another text, title or address; 0 where there is none.

        `comments.revised.announce_revision` tells the open pages of a new one.
        """
        return 0

    def author_id(self, target: Any) -> Any:
        """The primary key of the user who wrote the object; None if that is nobody."""
        return None


S = TypeVar("S", bound=type[Subject])
_subjects: list[Subject] = []


def register(subject: S) -> S:
    """Make a kind of things commentable; a decorator for a class derived from Subject.

    One that can't be used is left out of everything, and a system check says why (comments/checks.py).
    """
    made = subject()
    if has_model(made):
        made.kind = made.kind or str(made.model._meta.model_name)
        made.collection = made.collection or made.kind
    _subjects.append(made)
    return subject


def has_model(subject: Any) -> bool:
    """Whether this is a subject, of a model with a table."""
    model: Any = getattr(subject, "model", None)
    is_model = isinstance(model, type) and issubclass(model, Model) and model is not Model
    return isinstance(subject, Subject) and is_model and not model._meta.abstract


def declared() -> list[Any]:
    """All that the project registered, in that order, also what is no usable subject."""
    return list(_subjects)


def registered() -> list[Subject]:
    """All usable subjects of the project, in the order in which they were registered."""
    return [subject for subject in _subjects if has_model(subject)]


def subject_of(model: type[Model] | None) -> Subject | None:
    """The subject of a model; None if its objects can't be commented on."""
    if model is None:
        return None
    concrete = model._meta.concrete_model
    return next((known for known in registered() if known.model._meta.concrete_model is concrete), None)


def content_type_of(subject: Subject) -> ContentType:
    """The content type by which threads know the subject's model."""
    return ContentType.objects.get_for_model(subject.model)


def get_target(word: str, key: str) -> tuple[Subject, Model]:
    """The public object at an address, with its subject. word: the kind, or the collection.

    Raises CommentError 404 not_found, and what `ask` raises.
    """
    subject = next((known for known in registered() if word in (known.kind, known.collection)), None)
    if subject is None or len(key) > LONGEST_KEY or "\x00" in key:
        raise not_found()
    target = ask(subject, lambda: subject.find(key), None)
    if not isinstance(target, subject.model) or target.pk is None:
        raise not_found()
    return subject, target


def public_keys(subject: Subject, keys: Iterable[str]) -> set[str] | None:
    """Those of these primary keys, as text, whose objects are public; in one query.

    None where nobody can tell now: the project's own code failed, or something that it needs is out of reach.
    """
    try:
        found = subject.public().filter(pk__in=list(keys))
        return {str(pk) for pk in found.values_list("pk", flat=True)}
    except Exception as error:  # the project's own code; the other subjects must not suffer from it
        text = "the subject %r could not say what is public: %r"
        logger.error(text, subject.kind, error, exc_info=unexpected(error))
        return None


def ask(subject: Subject, question: Callable[[], T], otherwise: T) -> T:
    """What the project's own code answers; `otherwise` if it fails, which is logged.

    Raises what comments.outages.OUTAGES lists.
    """
    try:
        return question()
    except OUTAGES:
        raise
    except Exception:  # the project's own code; nobody who reads a page can do anything about it
        logger.exception("the subject %r failed", subject.kind)
        return otherwise
