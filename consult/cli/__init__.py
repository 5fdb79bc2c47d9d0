"""The ``consult`` command: everything that is done from a terminal."""

from consult.cli.main import main

__all__ = ["main"]
