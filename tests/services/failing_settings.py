"""The site's settings, for servers of the tests whose processes die (tests/services/dying.py)."""

from config.settings import *  # noqa: F403 - all of them
from config.settings import INSTALLED_APPS as THE_SITES

INSTALLED_APPS = [*THE_SITES, "tests.services.dying.Dying"]
