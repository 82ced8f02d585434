"""LiveComments, which other pages can use alone, works in real browsers on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.page.room import Room
from tests.services.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.services.chromium import Pages
    from tests.services.site import AppServer

CLIENT = "/static/comments/js/client/live_comments.js"
NO_PAGE = "/robots.txt"  # of the site, without a script of its own

BEGIN = """async ([client, options]) => {
    const { LiveComments } = await import(client);
    globalThis.told = [];
    globalThis.live = new LiveComments(options);
    live.on("*", (event) => told.push(event));
    live.connect();
}"""
POST = """async ([content, options]) => live.post(content, options).then(
    (posted) => ({ posted }),
    ({ code, reason, message, ref }) => ({ refused: { code, reason, message, ref } }),
)"""


class Client:
    """A page that has only LiveComments of ours, on the thread of a room."""

    def __init__(self, room: Room, user: str | None = None, **options: Any) -> None:
        self.page: Page = room.new_page(user)
        self.page.goto(NO_PAGE)
        self.page.evaluate(BEGIN, [CLIENT, {"url": f"/api/articles/{room.slug}/", **options}])
        self.is_live()

    def is_live(self) -> None:
        wait_until(lambda: self.read("live.status") == "live", what="the client being live")

    def read(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def post(self, content: str, **options: Any) -> Any:
        return self.page.evaluate(POST, [content, options])

    def sees(self, *contents: str) -> None:
        """Wait until these are the comments, newest first."""
        read = "live.comments.map(({ content }) => content)"
        wait_until(lambda: self.read(read) == list(contents), what=f"{contents} being seen")

    def was_told_each_change_once(self) -> None:
        """Check the numbers of the changes that its handlers got."""
        seqs = self.read("told.filter(({ prev }) => prev !== undefined).map(({ seq }) => seq)")
        assert seqs == sorted(set(seqs))
        assert seqs[-1:] == [self.read("told.at(-1) && Math.max(...told.map(({ seq }) => seq ?? 0))")]


@pytest.fixture
def room(live_site: AppServer, new_page: Pages) -> Room:
    return Room(live_site, new_page)


def test_two_clients_see_what_each_writes(room: Room) -> None:
    anna, ben = Client(room, "reader1"), Client(room, "reader2")
    first = anna.post("Plums?")["posted"]
    assert first["status"] == "visible"
    ben.sees("Plums?")
    ben.post("Plums!", parent=first["id"])
    for client in (anna, ben):
        client.sees("Plums!", "Plums?")
        assert client.read("live.comments[0].parent") == first["id"]
        assert client.read("live.count") == 2
        client.was_told_each_change_once()
    assert anna.read("live.user.name") == "reader1"


def test_a_post_that_is_refused_says_why_and_one_that_is_repeated_is_stored_once(room: Room) -> None:
    anna = Client(room, "reader1")
    blank = anna.post(" ")["refused"]
    assert (blank["code"], blank["reason"]) == (422, "blank")
    once, twice = anna.post("One", ref=blank["ref"]), anna.post("One", ref=blank["ref"])
    assert once["posted"] == twice["posted"]
    anna.sees("One")
    stranger = Client(room)
    assert stranger.post("Me too")["refused"]["reason"] == "login_required"


def test_a_comment_that_is_hidden_goes(room: Room) -> None:
    anna = Client(room, "reader1")
    anna.post("Stays")
    anna.post("Goes")
    anna.sees("Goes", "Stays")
    room.shell("services.hide_comment(comment=Comment.objects.get(content='Goes', thread=thread))")
    anna.sees("Stays")
    assert anna.read("told.filter(({ type }) => type === 'removed').length") == 1


def test_changes_from_while_the_server_was_gone_arrive_when_it_is_back(room: Room) -> None:
    anna, ben = Client(room, "reader1"), Client(room, "reader2")
    anna.post("Before")
    ben.sees("Before")
    room.site.kill()
    wait_until(lambda: ben.read("live.status") == "reconnecting", what="the loss being noticed")
    room.shell(
        "author = Author('g1', 'Ida', 'guest')\n"
        "for n in range(3):\n"
        "    services.post_comment(author=author, thread=thread, content=f'{n}', ref=uuid.uuid4())"
    )
    waiting = anna.page.evaluate_handle("({ answer: live.post('Written meanwhile', { timeout: 600_000 }) })")
    room.site.start()
    assert waiting.evaluate("({ answer }) => answer")["status"] == "visible"
    for client in (anna, ben):
        client.is_live()
        client.sees("Written meanwhile", "2", "1", "0", "Before")
        client.was_told_each_change_once()
        assert client.read("told.filter(({ type }) => type === 'reset').length") == 1


def test_a_program_has_a_token_and_no_cookies(room: Room) -> None:
    token = room.site.token("reader1")
    program = Client(room, token=token)
    assert program.post("From a program")["posted"]["status"] == "visible"
    program.sees("From a program")
    assert program.read("live.comments[0].user") == program.read("live.user.name") == "reader1"


def test_readers_are_counted_and_typing_is_told(room: Room) -> None:
    anna, ben = Client(room, "reader1"), Client(room, "reader2")
    ben.read("live.typing(true)")
    typing = "told.findLast(({ type }) => type === 'typing')?.users.map(({ name }) => name) ?? []"
    wait_until(lambda: anna.read(typing) == ["reader2"], what="the typing being told")
    present = "told.findLast(({ type }) => type === 'presence')?.count"
    wait_until(lambda: anna.read(present) == 2, what="both being present")
