"""How many sockets one address may hold."""

from typing import Any

from realtime.readers.limits import CONNECTIONS_PER_ADDRESS, ConnectionCount


def test_the_sockets_of_an_ipv6_network_count_together(settings: Any) -> None:
    settings.COMMENTS_RATE_LIMITS = True
    count = ConnectionCount()
    assert all(count.admit(f"2001:db8::{n:x}") for n in range(CONNECTIONS_PER_ADDRESS))
    assert not count.admit("2001:db8::ffff")
    assert count.admit("2001:db8:0:1::")
    count.release("2001:db8::aaaa")

    assert count.admit("2001:db8::ffff")
    assert count.total == CONNECTIONS_PER_ADDRESS + 1
