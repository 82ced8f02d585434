"""`make run`: prepares everything, prints the address and the logins, and starts the development server."""

import os
import socket
import sys

import django
from django.core.management import call_command

from config.environment import read_environment
from config.errors import BadEnvironment

LOGINS = """
  The blog    {url}
  The admin   {url}/admin/    admin / admin
  Readers     reader1 … reader50 and moderator, password demo-password

Ctrl-C stops it.
"""


def check_port(port: int) -> None:
    """Exit with a sentence when something else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is in use. Stop what uses it, or: make run PORT={port + 1}")


def main() -> None:
    try:
        environment = read_environment()
    except BadEnvironment as error:
        sys.exit(f"The site can't start. {error}")
    if not environment.is_development:
        sys.exit(
            "This is for development, with a database of its own and DEBUG=on. Unset DATABASE_URL; "
            "production is served by: make serve"
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    check_port(environment.port)
    print("Preparing the database …", flush=True)
    call_command("migrate", verbosity=0)
    call_command("demo", if_empty=True)
    address = f"127.0.0.1:{environment.port}"
    print(LOGINS.format(url=f"http://{address}"), flush=True)
    os.execv(sys.executable, [sys.executable, "manage.py", "runserver", address])  # noqa: S606 - our own command


if __name__ == "__main__":
    main()
