"""Each variable of the environment is checked; a wrong one stops the start with a sentence that names it."""

import os
from pathlib import Path

import pytest

from config.environment import DEVELOPMENT_KEY, read_environment
from config.errors import BadEnvironment
from config.serve import check_proxy, check_workers

KEY = "signs-what-these-tests-sign-and-nothing-else-0123456789"
PRODUCTION = {"SECRET_KEY": KEY}
DEVELOPMENT = {"DEBUG": "on"}

WRONG = [
    ("DEBUG", "maybe"),
    ("DEBUG", "2"),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "too-short"),
    ("SECRET_KEY", "abcd" * 20),
    ("SECRET_KEY", DEVELOPMENT_KEY),
    ("SITE_NAME", "x" * 301),
    ("SITE_TAGLINE", "a\x07b"),
    ("FEED_HOST", "two words"),
    ("SITE_URL", "blog.example.org"),
    ("SITE_URL", "ftp://blog.example.org"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://*"),
    ("SITE_URL", "https://.example.org"),
    ("SITE_URL", "https://blog.example.org/blog"),
    ("SITE_URL", "https://blog.example.org?a"),
    ("SITE_URL", "https://me@blog.example.org"),
    ("SITE_URL", "https://blog.example.org:99999"),
    ("SITE_URL", "https://blog.example.org:port"),
    ("SITE_URL", "https://[::1"),
    ("SITE_URL", "https://two words.example.org"),
    ("SITE_URL", "https://bl\u00f6g.example.org"),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "blog.example.org:8000"),
    ("ALLOWED_HOSTS", "https://blog.example.org"),
    ("ALLOWED_HOSTS", "blog.example.org, ."),
    ("DATABASE_URL", "mysql://db/blog"),
    ("DATABASE_URL", "db.sqlite3"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "postgres://"),
    ("DATABASE_URL", "postgres://db"),
    ("DATABASE_URL", "postgres://db:port/blog"),
    ("DATABASE_URL", "postgres://[db/blog"),
    ("REDIS_URL", "redis"),
    ("REDIS_URL", "http://redis:6379"),
    ("REDIS_URL", "redis://"),
    ("REDIS_URL", "redis://[redis"),
    ("REDIS_URL", "redis://redis:port"),
    ("REDIS_URL", "redis://redis:99999"),
    ("REDIS_URL", "redis://redis/first"),
    ("CHANNEL_PREFIX", "two words"),
    ("CHANNEL_PREFIX", "pr\u00e4fix"),
    ("CHANNEL_PREFIX", "x" * 51),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("PORT", "http"),
    ("PORT", "\uff18\uff10"),
    ("HSTS", "everybody"),
    ("WORKERS", "0"),
    ("WORKERS", "1000"),
    ("WORKERS", "many"),
    ("TRUSTED_PROXIES", "*"),
    ("TRUSTED_PROXIES", "0.0.0.0/0"),
    ("TRUSTED_PROXIES", "::/0"),
    ("TRUSTED_PROXIES", "10.0.0.1, proxy.example.org"),
    ("COMMENTS_GUESTS", "sometimes"),
    ("RATE_LIMITS", "10"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_in_a_sentence_that_names_it(name: str, value: str) -> None:
    with pytest.raises(BadEnvironment) as raised:
        read_environment({**PRODUCTION, name: value})

    sentence = str(raised.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_nothing_but_a_key_is_needed_in_production() -> None:
    environment = read_environment(PRODUCTION)

    assert not environment.debug
    assert not environment.https
    assert (environment.site_url, environment.port) == ("http://127.0.0.1:8000", 8000)
    assert environment.allowed_hosts == ("127.0.0.1",)
    assert environment.origins == ("http://127.0.0.1:8000",)
    assert environment.database["NAME"].endswith("/db.sqlite3")
    assert environment.redis_url is None
    assert environment.workers == (os.cpu_count() or 1)
    assert environment.trusted_proxies == ()
    assert environment.comments_guests
    assert environment.rate_limits


def test_nothing_at_all_is_needed_in_development_which_also_answers_as_localhost() -> None:
    environment = read_environment(DEVELOPMENT)

    assert environment.secret_key == DEVELOPMENT_KEY
    assert set(environment.allowed_hosts) == {"127.0.0.1", "[::1]", "localhost", ".localhost"}
    hosts = ("127.0.0.1", "[::1]", "localhost")
    assert set(environment.origins) == {f"http://{host}:8000" for host in hosts}


def test_development_has_a_database_of_its_own() -> None:
    development = read_environment(DEVELOPMENT)

    assert development.database["NAME"].endswith("/development.sqlite3")
    assert development.is_development
    for variables in (
        PRODUCTION,
        {**DEVELOPMENT, **PRODUCTION, "DATABASE_URL": "sqlite:////srv/blog.sqlite3"},
    ):
        assert not read_environment(variables).is_development


@pytest.mark.parametrize("debug", ["on", "off", ""])
def test_no_other_database_is_opened_without_its_sites_key(debug: str) -> None:
    with pytest.raises(BadEnvironment, match="SECRET_KEY is not set, while DATABASE_URL is"):
        read_environment({"DEBUG": debug, "DATABASE_URL": "postgres://me:word@db/blog"})


@pytest.mark.parametrize(
    "variables",
    [
        {"SITE_URL": "http://blog.example.org"},
        {"ALLOWED_HOSTS": "blog.example.org"},
        {"ALLOWED_HOSTS": "10.0.0.7"},
    ],
)
def test_debugging_answers_to_names_of_this_machine_only(variables: dict[str, str]) -> None:
    assert read_environment({**PRODUCTION, **variables})
    with pytest.raises(BadEnvironment, match="DEBUG is on"):
        read_environment({**DEVELOPMENT, **variables})
    read_environment(
        {**DEVELOPMENT, "SITE_URL": "http://blog.localhost:8000", "ALLOWED_HOSTS": "127.0.0.2, [::1]"}
    )


def test_a_key_of_the_operators_is_taken_in_development_too() -> None:
    assert read_environment({**DEVELOPMENT, **PRODUCTION}).secret_key == KEY


def test_right_values_are_taken() -> None:
    environment = read_environment(
        {
            **PRODUCTION,
            "SITE_URL": "https://blog.example.org/",
            "ALLOWED_HOSTS": "www.example.org, .cdn.example.org [::1]",
            "DATABASE_URL": "postgres://me:word@db:5433/blog",
            "REDIS_URL": "redis://:word@redis:6380/1",
            "PORT": " 9000 ",
            "WORKERS": "4",
            "TRUSTED_PROXIES": "10.0.0.1,192.168.1.7/16",
            "COMMENTS_GUESTS": "No",
            "RATE_LIMITS": "off",
            "SITE_NAME": " Plums  & Pears ",
            "FEED_HOST": "Former.example.org",
        }
    )

    assert (environment.site_url, environment.https, environment.port) == (
        "https://blog.example.org",
        True,
        9000,
    )
    assert environment.allowed_hosts == ("blog.example.org", "www.example.org", ".cdn.example.org", "[::1]")
    assert environment.origins == ("https://blog.example.org", "https://www.example.org", "https://[::1]")
    database = environment.database
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", 5433, "blog")
    assert (environment.redis_url, environment.redis_login) == ("redis://redis:6380/1", {"password": "word"})
    assert environment.trusted_proxies == ("10.0.0.1/32", "192.168.0.0/16")
    assert (environment.site_name, environment.feed_host) == ("Plums & Pears", "former.example.org")
    assert (environment.workers, environment.comments_guests, environment.rate_limits) == (4, False, False)


@pytest.mark.parametrize(
    ("given", "kept", "host"),
    [
        ("HTTPS://Blog.Example.ORG:443", "https://blog.example.org", "blog.example.org"),
        ("http://blog.example.org:80", "http://blog.example.org", "blog.example.org"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123", "127.0.0.1"),
        ("http://[::1]:8123", "http://[::1]:8123", "[::1]"),
    ],
)
def test_the_sites_address_is_kept_as_browsers_write_an_origin(given: str, kept: str, host: str) -> None:
    environment = read_environment({**PRODUCTION, "SITE_URL": given})

    assert (environment.site_url, environment.allowed_hosts) == (kept, (host,))
    assert environment.origins == (kept,)


def test_the_port_is_in_the_address_unless_that_is_given() -> None:
    assert read_environment({**PRODUCTION, "PORT": "8123"}).site_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize("url", ["unix:///run/redis.sock", "rediss://redis:6379", "redis://redis/0"])
def test_redis_is_reached_in_every_way_that_its_client_knows(url: str) -> None:
    assert read_environment({**PRODUCTION, "REDIS_URL": url}).redis_url == url


@pytest.mark.parametrize(
    ("given", "url", "login"),
    [
        ("redis://me:a%2Fb@redis/0", "redis://redis/0", {"username": "me", "password": "a/b"}),
        ("unix://:word@/run/redis.sock?db=1", "unix:///run/redis.sock?db=1", {"password": "word"}),
        (
            "rediss://redis?ssl_cert_reqs=none&password=word",
            "rediss://redis?ssl_cert_reqs=none",
            {"password": "word"},
        ),
    ],
)
def test_what_logs_in_to_redis_is_kept_apart_from_its_address(
    given: str, url: str, login: dict[str, str]
) -> None:
    environment = read_environment({**PRODUCTION, "REDIS_URL": given})

    assert (environment.redis_url, environment.redis_login) == (url, login)


def test_no_secret_is_in_a_repr_or_in_a_sentence() -> None:
    secrets = {
        "SECRET_KEY": KEY,
        "DATABASE_URL": "postgres://me:plumstone@db/blog",
        "REDIS_URL": "redis://:pearstalk@redis",
    }
    shown = repr(read_environment(secrets))
    for name, wrong in (
        ("DATABASE_URL", "postgres://me:plum/stone@db"),
        ("REDIS_URL", "redis://:pear/stalk@redis"),
    ):
        with pytest.raises(BadEnvironment) as raised:
            read_environment({**secrets, name: wrong})
        shown += str(raised.value)

    assert not [word for word in (KEY, "plum", "stone", "pear", "stalk") if word in shown]


REDIS = "redis://:word@redis:6380"
SITES = {
    "a database": {"DATABASE_URL": "postgres://me:word@db:5433/blog", "REDIS_URL": f"{REDIS}/1"},
    "another name": {"DATABASE_URL": "postgres://me:word@db:5433/shop", "REDIS_URL": f"{REDIS}/1"},
    "another port": {"DATABASE_URL": "postgres://me:word@db:5434/blog", "REDIS_URL": f"{REDIS}/1"},
    "another host": {"DATABASE_URL": "postgres://me:word@db2:5433/blog", "REDIS_URL": f"{REDIS}/1"},
    "another number": {"DATABASE_URL": "postgres://me:word@db:5433/blog", "REDIS_URL": f"{REDIS}/2"},
    "a number in the query": {
        "DATABASE_URL": "postgres://me:word@db:5433/blog",
        "REDIS_URL": f"{REDIS}/1?db=3",
    },
    "no number": {"DATABASE_URL": "postgres://me:word@db:5433/blog", "REDIS_URL": REDIS},
    "a file": {"DATABASE_URL": "sqlite:////srv/blog.sqlite3", "REDIS_URL": f"{REDIS}/1"},
    "another file": {"DATABASE_URL": "sqlite:////srv/shop.sqlite3", "REDIS_URL": f"{REDIS}/1"},
}


def prefix_of(**variables: str) -> str:
    return read_environment({**PRODUCTION, **variables}).channel_prefix


def test_every_site_and_every_number_of_a_redis_has_a_channel_prefix_of_its_own() -> None:
    prefixes = {name: prefix_of(**variables) for name, variables in SITES.items()}

    assert len(set(prefixes.values())) == len(prefixes)
    assert all(prefix.startswith("live-") for prefix in prefixes.values())


def test_two_sites_that_name_their_databases_alike_have_different_channel_prefixes() -> None:
    alike = {"DATABASE_URL": "postgres://me:word@localhost/blog", "REDIS_URL": REDIS}

    assert prefix_of(**alike) != prefix_of(**alike, SECRET_KEY=PRODUCTION["SECRET_KEY"][::-1])


def test_the_processes_of_one_site_have_the_same_channel_prefix() -> None:
    one = prefix_of(DATABASE_URL="postgres://me:word@db/blog", REDIS_URL="redis://:old@redis/0")
    other = prefix_of(DATABASE_URL="postgresql://you:secret@db/blog", REDIS_URL="redis://:new@redis")

    assert one == other


def test_one_file_has_one_channel_prefix_by_whatever_path_it_is_reached(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "now").symlink_to(tmp_path / "releases")

    assert prefix_of(DATABASE_URL=f"sqlite:///{tmp_path}/now/blog.sqlite3") == prefix_of(
        DATABASE_URL=f"sqlite:///{tmp_path}/releases/blog.sqlite3"
    )


def test_operators_may_name_the_channel_prefix_themselves() -> None:
    assert prefix_of(CHANNEL_PREFIX="blog.example-1_a") == "blog.example-1_a"


def test_workers_that_could_not_reach_each_other_are_refused() -> None:
    with pytest.raises(BadEnvironment, match="REDIS_URL"):
        check_workers(read_environment({**PRODUCTION, "WORKERS": "2"}))

    check_workers(read_environment({**PRODUCTION, "WORKERS": "1"}))
    check_workers(read_environment({**PRODUCTION, "WORKERS": "2", "REDIS_URL": "redis://redis"}))


def test_https_without_a_proxy_that_is_believed_is_refused() -> None:
    https = {**PRODUCTION, "SITE_URL": "https://blog.example.org"}
    with pytest.raises(BadEnvironment, match="TRUSTED_PROXIES"):
        check_proxy(read_environment(https))

    check_proxy(read_environment({**https, "TRUSTED_PROXIES": "127.0.0.1"}))
    check_proxy(read_environment({**PRODUCTION, "SITE_URL": "http://127.0.0.1:8000"}))
