"""The real programs that the tests use: found on the machine, started privately, and ended by their ids.

No server that was running before is used. Each program gets a free port on 127.0.0.1 and a temporary
directory, and ends with the test run. `tests/conftest.py` makes fixtures of them.
"""
