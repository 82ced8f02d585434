"""What a client is answered that went beyond the limits of a connection: errors in the API's form."""

from __future__ import annotations

from http import HTTPStatus

from realtime import protocol


class Refused(Exception):
    """Ends the parsing of a request that goes beyond a limit."""


def answer_of(status: HTTPStatus, reason: str, message: str) -> bytes:
    """A whole answer of HTTP/1.1, after which the connection is closed."""
    body = protocol.encode({"code": int(status), "reason": reason, "message": message})
    head = (
        f"HTTP/1.1 {int(status)} {status.phrase}",
        "Connection: close",
        "Cache-Control: no-store",
        "Content-Type: application/json",
        "X-Content-Type-Options: nosniff",
        f"Content-Length: {len(body)}",
        "\r\n",
    )
    return "\r\n".join(head).encode() + body


BAD_REQUEST = answer_of(HTTPStatus.BAD_REQUEST, "bad_request", "This is not HTTP.")
TOO_LATE = answer_of(HTTPStatus.REQUEST_TIMEOUT, "too_slow", "The request took too long to arrive.")
LONG_ADDRESS = answer_of(HTTPStatus.REQUEST_URI_TOO_LONG, "too_long", "The address is too long.")
LARGE_HEAD = answer_of(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too_long", "The headers of the request are too large."
)
