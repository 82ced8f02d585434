"""The page views that are open in this process. No I/O."""

from __future__ import annotations

from collections import Counter

from comments.wire import Person


class OpenViews:
    """Page views by id, each with the reader of every connection that it has.

    A view has two connections while a page is loaded anew and the loss of the old one is not known yet. The
    reader of the view is the last one with a name.
    """

    def __init__(self) -> None:
        self._readers: dict[str, list[Person | None]] = {}
        self._connections: Counter[str] = Counter()  # connections by person

    def __contains__(self, view: str) -> bool:
        return view in self._readers

    def add(self, view: str, person: Person | None) -> None:
        """A connection of this view came."""
        self._readers.setdefault(view, []).append(person)
        if person is not None:
            self._connections[person.id] += 1

    def remove(self, view: str, person: Person | None) -> None:
        """A connection of this view, of this reader, went."""
        readers = self._readers[view]
        readers.remove(person)
        if not readers:
            del self._readers[view]
        if person is not None:
            self._connections[person.id] -= 1
            if not self._connections[person.id]:
                del self._connections[person.id]

    def reader(self, view: str) -> Person | None:
        """Who reads this view; None for an anonymous reader."""
        return next((person for person in reversed(self._readers[view]) if person is not None), None)

    def readers(self) -> dict[str, Person | None]:
        """The reader by page view."""
        return {view: self.reader(view) for view in self._readers}

    def has_person(self, person_id: str) -> bool:
        """Whether a connection of this process belongs to the person."""
        return person_id in self._connections
