"""What is wrong with the site's configuration."""


class BadEnvironment(Exception):
    """A variable whose value the site can't start with; the text names the variable and says why."""
