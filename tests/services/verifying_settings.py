"""The site's settings, for servers of the tests whose pages ask every second whether they are right."""

from config.settings import *  # noqa: F403 - all of them

COMMENTS_VERIFY_PERIOD = 1
