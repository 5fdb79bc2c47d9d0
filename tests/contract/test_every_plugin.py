"""Every installed plugin keeps its promises: those of the folder, and the one from outside."""

from consult.testing.contract import *  # noqa: F403 — the promises are tests, and pytest looks for them here
