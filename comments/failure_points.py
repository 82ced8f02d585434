"""Where tests make a process die, to see what survives. Production refuses to start with a point set."""

import itertools
import os
import signal

from django.conf import settings

_visits = itertools.count(1)


def die_before_announcing() -> None:
    """Kill the process, as `kill -9` does, if this is the commit that it must not live to announce."""
    point = getattr(settings, "FAILURE_POINT", None)
    if point is not None and ("before_announcing", next(_visits)) == point:
        os.kill(os.getpid(), signal.SIGKILL)
