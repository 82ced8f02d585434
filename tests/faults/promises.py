"""The promises by number, in short; docs/reliability.md has them in full."""

PROMISES = {
    1: "acked is durable: kill -9",
    2: "committed arrives, never announced",
    3: "a retry is idempotent",
    4: "no hole: a slow transaction",
    5: "Redis restarted, flushed",
    6: "Redis frozen for 30 s",
    7: "no Redis at all",
    8: "Redis lost by one process for 60 s",
    9: "a slow reader hurts nobody",
    10: "SQLite locked for 3 s, 30 s",
    11: "PostgreSQL restarted",
    12: "a herd of 1,000",
    13: "a rolling deploy",
    14: "true presence",
    15: "revocation",
    16: "moderation converges",
    17: "every transport alike",
    18: "no gap between page and socket",
    19: "RFC 6455",
    20: "junk breaks nothing",
}
