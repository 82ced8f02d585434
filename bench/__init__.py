"""Measures the production server under load: `python -m bench`, or `make bench`."""
