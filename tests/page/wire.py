"""A page whose connection to the server a test cuts, and answers in the server's name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.page.room import Room

if TYPE_CHECKING:
    from collections.abc import Callable


class Wire:
    """Stands between a page and its server, to cut the socket and to answer in the server's name."""

    def __init__(self, page: Page) -> None:
        self.is_cut = False
        self.sent: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda frame: None
        self.loses: Callable[[str], bool] = lambda data: False
        self.sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/ws/**", self._open)

    def cut(self) -> None:
        self.is_cut = True
        for socket in self.sockets:
            socket.close(code=1001)
        self.sockets = []

    def mend(self) -> None:
        self.is_cut = False

    def tell(self, frame: dict[str, Any]) -> None:
        self.sockets[-1].send(json.dumps(frame))

    def messages(self) -> list[dict[str, Any]]:
        return [frame for frame in self.sent if frame["type"] == "message"]

    def _open(self, socket: WebSocketRoute) -> None:
        if self.is_cut:
            socket.close(code=1001)
            return
        self.sockets.append(socket)
        server = socket.connect_to_server()

        def pass_on(data: str | bytes) -> None:
            frame = json.loads(data)
            self.sent.append(frame)
            answer = self.answer(frame)
            if answer is None:
                server.send(data)
            else:
                socket.send(json.dumps(answer))

        socket.on_message(pass_on)
        server.on_message(lambda data: None if self.loses(str(data)) else socket.send(data))


def enter(room: Room, user: str | None) -> tuple[Page, Wire]:
    page = room.new_page(user)
    wire = Wire(page)
    page.goto(room.path)
    expect(page.locator(".comments-status")).to_have_text("Live")
    return page, wire


def refuse_live_updates(page: Page, wire: Wire) -> None:
    """Let no way through that could be live: only requests that are answered at once."""
    wire.is_cut = True
    for address in ("**/events/*", "**/history/?*wait=*"):
        page.route(address, lambda route: route.fulfill(status=403))


def refuse(reason: str, code: int, **fields: Any) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    def answer(frame: dict[str, Any]) -> dict[str, Any] | None:
        if frame["type"] != "message":
            return None
        error = {"type": "error", "code": code, "reason": reason, "message": "No.", "ref": frame["ref"]}
        return {**error, **fields}

    return answer


def wake(page: Page) -> None:
    """Send the page the browser's event for a network that is back."""
    page.evaluate("dispatchEvent(new Event('online'))")
