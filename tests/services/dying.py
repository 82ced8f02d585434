"""An app of the tests' own, in which a process dies between its commit and the announcement of it.

No fault from outside hits that moment, so this one comes from inside. The app is one of
`tests.services.failing_settings`, and of no other settings.
"""

import itertools
import os
import signal
from functools import wraps
from typing import Any

from django.apps import AppConfig

AT = "DIES_AT_ANNOUNCEMENT"  # the variable that says at which announcement each process dies, from 1


def dying_before_announcements(number: str) -> dict[str, str]:
    """The variables of a server whose processes do not live to make their announcement of this number.

    What is fleeting (presence, typing) is not counted.
    """
    return {"DJANGO_SETTINGS_MODULE": "tests.services.failing_settings", AT: number}


class Dying(AppConfig):
    name = "tests.services.dying"

    def ready(self) -> None:
        from comments.publisher import publisher

        publish, announcements, last = publisher.publish, itertools.count(1), int(os.environ[AT])

        @wraps(publish)
        def publish_or_die(*args: Any, fleeting: bool = False, **rest: Any) -> None:
            if not fleeting and next(announcements) == last:
                os.kill(os.getpid(), signal.SIGKILL)
            publish(*args, fleeting=fleeting, **rest)

        publisher.publish = publish_or_die  # type: ignore[method-assign]
