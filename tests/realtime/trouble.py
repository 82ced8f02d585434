"""Settings of a site whose own code has trouble with some people's names (troubled_names.py)."""

from config.settings import *  # noqa: F403

COMMENTS_NAME_OF = "tests.realtime.troubled_names.name_of"
