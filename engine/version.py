"""The version of Marz; standard library only, so that --version answers at once."""

VERSION = "0.1.0"
