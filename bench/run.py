"""One run of the bench, which starts the servers in turn and measures the parts of the plan on each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.fanout import Crowd, measure_fanout
from bench.figures import History
from bench.herd import measure_herd
from bench.hostile.measure import measure_hostile
from bench.idle import measure_idle
from bench.machine import allow_many_files, bind
from bench.memory import measure_memory
from bench.page import measure_page
from bench.plan import BATCHES, PLAIN, TUTORIAL, Results
from bench.posting import measure_posting
from bench.processes import Processes
from bench.servers import Server, Site, Tutorial
from bench.services import start_database, start_redis
from bench.soak import WAVE, measure_soak
from bench.texts import site_post, tutorial_post

POSTERS = 50
WRITERS = 8  # while a page is open
WELCOME = b'"type":"welcome"'


def measure_all(results: Results, say: Callable[[str], None]) -> None:
    """Measure the parts of the plan into `results`, and end every program that was started for them."""
    allow_many_files()
    with Processes() as processes:
        say("starting Redis and a database")
        redis_url = start_redis(processes, results.cores.services)
        database_url, results.database = start_database(processes, results.cores.services)
        say(f"{results.database}; {results.cores.told}")
        site = Site(processes, database_url=database_url, redis_url=redis_url, cores=results.cores)
        tokens: list[str] = site.run("bench.prepare", str(POSTERS))
        plan = results.plan
        if "page" in plan.parts:  # first: the browser is many processes, and gets all cores that there are
            results.page = measure_page(site, tokens[:WRITERS], plan.comments, plan.offline, say)
        if "hostile" in plan.parts:  # with two workers and limits, as it is run
            results.attacks = measure_hostile(processes, database_url, redis_url, say)
        if set(plan.parts) <= {"page", "hostile"}:
            return
        bind(0, results.cores.client)
        run = Run(results, say, tokens)
        run.measure_site(site)
        run.measure_tutorial(Tutorial(processes, redis_url, results.cores))


class Run:
    """Measures the parts that the plan names."""

    def __init__(self, results: Results, say: Callable[[str], None], tokens: Sequence[str]) -> None:
        self._results, self._say, self._tokens = results, say, tokens
        self._plan = results.plan

    def measure_site(self, site: Site) -> None:
        """Start the site, and stop it when all of its parts are done."""
        plan, results, tokens = self._plan, self._results, self._tokens
        server = site.start()
        if "memory" in plan.parts:  # first, for memory that was used before is used again
            self._memory(server, self._crowd("fan-out", plan.sockets))
        if "fanout" in plan.parts:
            for batches in (False, True):
                for rate in plan.rates:
                    self._fan_out(server, self._crowd("fan-out", plan.sockets, batches=batches), rate)
        if "posting" in plan.parts:
            self._say(f"{len(tokens)} posters, each as fast as it is acknowledged, {plan.seconds:g} s")
            results.posting = measure_posting(server, self._crowd("posting", len(tokens)), plan.seconds)
        if "idle" in plan.parts:
            self._say("one comment at a time on an idle server")
            results.idle = measure_idle(server, self._crowd("idle", len(tokens) + 1))
        if "herd" in plan.parts:
            self._herds(server, site)
        if "soak" in plan.parts:
            self._soak(server)
        if "history" in plan.parts:
            self._say("the history of 100 changes")
            found: dict[str, dict[str, Any]] = site.run("bench.history")
            first, again = found["first"], found["again"]
            results.history = History(first["queries"], first["ms"], again["queries"], again["ms"])
        site.stop()

    def measure_tutorial(self, tutorial: Tutorial) -> None:
        """Measure the peer, started anew for each rate: a backlog of one would disturb the next."""
        plan = self._plan
        posters = min(POSTERS, plan.sockets)
        crowd = Crowd(TUTORIAL, "/ws/chat/bench/", [{}] * plan.sockets, posters, tutorial_post)
        if "memory" in plan.parts:
            self._memory(tutorial.start(), crowd)
            tutorial.stop()
        for rate in plan.rates if "fanout" in plan.parts else ():
            self._fan_out(tutorial.start(), crowd, rate)
            tutorial.stop()

    def _soak(self, server: Server) -> None:
        self._say(f"{self._plan.joins:,} sockets come and go")
        posters = self._crowd("soak", len(self._tokens))
        readers = self._crowd("soak", len(self._tokens) + WAVE, batches=True)
        self._results.soak = measure_soak(server, posters, readers, self._plan.joins)

    def _memory(self, server: Server, crowd: Crowd) -> None:
        self._say(f"{crowd.who}: memory of {len(crowd.headers):,} idle sockets")
        self._results.memories.append(measure_memory(server, crowd))

    def _fan_out(self, server: Server, crowd: Crowd, rate: float) -> None:
        seconds = self._plan.seconds
        self._say(f"{crowd.who}: {rate:g} comments/s to {len(crowd.headers):,} sockets, {seconds:g} s")
        self._results.fanouts.append(measure_fanout(server, crowd, rate, seconds))

    def _herds(self, server: Server, site: Site) -> None:
        def restart() -> Server:
            site.stop()
            return site.start()

        crowd = self._crowd("herd", self._plan.sockets)
        for what, restarting in (("all sockets cut", None), ("server restarted", restart)):
            self._say(f"{what}, {len(crowd.headers):,} come back at once")
            self._results.herds.append(measure_herd(server, crowd, "herd", what, restarting))

    def _crowd(self, slug: str, sockets: int, *, batches: bool = False) -> Crowd:
        """Readers of an article; the first of them have tokens, and post."""
        extra = {"Sec-WebSocket-Protocol": "comments.v1"} if batches else {}
        tokens = self._tokens[:sockets]
        return Crowd(
            who=BATCHES if batches else PLAIN,
            path=f"/ws/article/{slug}/",
            headers=[
                *({"Authorization": f"Token {token}", **extra} for token in tokens),
                *(extra for _ in range(sockets - len(tokens))),
            ],
            posters=len(tokens),
            make_post=site_post,
            greeting=WELCOME,
        )
