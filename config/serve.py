"""`python -m config.serve`: the production server, uvicorn with as many workers as the environment says."""

import os
import sys

import django
import uvicorn
from uvicorn.supervisors import Multiprocess

from config.environment import Environment, read_environment
from config.errors import BadEnvironment

# The wire contract's heartbeat finds dead peers, so the server's own pings would only cost CPU.
WITHOUT_PINGS = None
LARGEST_FRAME = 65_536  # bytes
GRACE = 25  # s for readers to be sent away and requests to end, after SIGTERM
BACKLOG = 2048  # connections not yet accepted, so that a thousand readers can reconnect at once


class Supervisor(Multiprocess):
    """uvicorn's supervisor, which replaces a worker that dies or hangs; ours notices a death sooner."""

    def keep_subprocess_alive(self) -> None:
        """Do not wait 5 s for the answer of a worker that died while it was asked for a sign of life."""
        for process in self.processes:
            process.child_conn.close()  # a copy of the worker's end that we hold would hide its death
        super().keep_subprocess_alive()

    def terminate_all(self) -> None:
        """Refuse connections, which would otherwise wait until the end in a queue that no worker reads."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()


def check_workers(environment: Environment) -> None:
    """Raise BadEnvironment when the workers could not reach each other's readers."""
    if environment.workers > 1 and environment.redis_url is None:
        raise BadEnvironment(
            f"{environment.workers} workers (WORKERS, by default one a core) reach each other's readers "
            "through Redis only. Set REDIS_URL, or WORKERS=1."
        )


def check_proxy(environment: Environment) -> None:
    """Raise BadEnvironment when no request could ever be known to have come by https."""
    if environment.https and not environment.trusted_proxies:
        raise BadEnvironment(
            "SITE_URL is https, but this server speaks http to a proxy that ends TLS. Set TRUSTED_PROXIES to "
            "the proxy's address, such as 127.0.0.1; without it every page would redirect to itself."
        )


def check_accounts(environment: Environment) -> None:
    """Raise BadEnvironment when the demo's passwords, which everybody knows, would let anybody in."""
    if environment.is_development:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import DatabaseError, connection

    from config.demo_accounts import accounts_with_known_passwords, refusal

    try:
        names = accounts_with_known_passwords()
    except DatabaseError as error:  # the site starts without its database, too, and waits for it
        print(f"Nobody could look whether accounts have the demo's passwords: {error}", file=sys.stderr)
        return
    finally:
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):  # PostgreSQL's, which has threads
            close_pool()
    if names:
        raise BadEnvironment(refusal(names))


def main() -> None:
    """Serve until told to stop."""
    try:
        environment = read_environment()
        check_workers(environment)
        check_proxy(environment)
        check_accounts(environment)
    except BadEnvironment as error:
        sys.exit(f"The site can't start. {error}")
    config = uvicorn.Config(
        "config.asgi:application",
        host="127.0.0.1",
        port=environment.port,
        workers=environment.workers,
        loop="uvloop",
        http="realtime.uvicorn_protocols:TimedHttpProtocol",
        ws="realtime.uvicorn_protocols:PreparedWebSocketProtocol",
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=WITHOUT_PINGS,
        ws_ping_timeout=WITHOUT_PINGS,
        backlog=BACKLOG,
        lifespan="off",
        proxy_headers=False,  # config.asgi decides which proxies to believe
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE,
    )
    listening = config.bind_socket()
    many = "process" if environment.workers == 1 else "processes"
    print(
        f"{environment.site_url} is served on http://127.0.0.1:{environment.port}"
        f" by {environment.workers} {many}. Ctrl-C stops it.",
        flush=True,
    )
    # Also for one worker, so that it is replaced when it dies.
    Supervisor(config, [listening]).run()


if __name__ == "__main__":
    main()
