#!/usr/bin/env python
"""Django's command line for this project."""

import os
import re
import sys


def main() -> None:
    """Run one management command; with nothing configured that means development, and its own database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # A SECRET_KEY in the environment is how an operator's machine looks; without one this is a developer's.
    if "SECRET_KEY" not in os.environ and not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("DEBUG", "on")
    # `runserver 9000` serves pages of another origin than PORT says; their sockets have to be let in.
    if sys.argv[1:2] == ["runserver"] and (port := re.search(r"(?:^|:)([0-9]+)$", sys.argv[-1])):
        os.environ.setdefault("PORT", port[1])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
