"""How many readers without a name are told apart at one address. No I/O; the time is an argument.

Whoever can open sockets can make up page views, so that a thread would show readers who are not there. So at
one address STRANGERS views are told apart, and all others count as one reader together. A client that says of
no page view is one of the others: a page always does. Who has a name counts as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from realtime.presence.departed import LEAVE_GRACE

STRANGERS = 30
MOST_IDLE = 1000  # addresses that are remembered although nobody may be there any more


@dataclass
class _View:
    connections: int = 0
    until: float = 0.0  # when it is forgotten, once it has none


class Strangers:
    """The page views without a name, by the network that they come from.

    others: the view that the others of a network share; the same in every process, and told to nobody.
    """

    def __init__(self, others: Callable[[str], str], told_apart: int = STRANGERS) -> None:
        self._others = others
        self._told_apart = told_apart
        self._views: dict[str, dict[str, _View]] = {}

    def __len__(self) -> int:
        return len(self._views)

    def come(self, network: str, view: str | None, now: float) -> str:
        """The view as which a connection counts. view: the one that it says, if it does."""
        if len(self._views) >= MOST_IDLE:
            for known in list(self._views):
                self._tidy(known, now)
        self._tidy(network, now)
        views = self._views.get(network, {})
        if view is None or (view not in views and len(views) >= self._told_apart):
            return self._others(network)
        views.setdefault(view, _View()).connections += 1
        self._views[network] = views
        return view

    def go(self, network: str, view: str, now: float) -> None:
        """A connection is gone that counted as this view, which is remembered while its reader is shown."""
        known = self._views.get(network, {}).get(view)
        if known is not None:
            known.connections -= 1
            known.until = now + LEAVE_GRACE

    def _tidy(self, network: str, now: float) -> None:
        views = self._views.get(network, {})
        for view in [view for view, known in views.items() if not known.connections and known.until <= now]:
            del views[view]
        if not views:
            self._views.pop(network, None)
