"""The real programs that the tests run against: found on the machine, started privately, ended by their ids.

Nothing here uses a server that was running before: each program gets a free port on 127.0.0.1 and a temporary
directory, and goes when the test run does. `tests/conftest.py` makes fixtures of them.
"""
