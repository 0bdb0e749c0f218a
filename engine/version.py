"""The version of Marz; standard library only, so that --version answers at once."""

# Tests: tests/test_main.py

VERSION = "0.1.0"
