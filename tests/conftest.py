"""What all tests of the core share beside the fixtures of consult.testing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from consult.testing import outside, run

# A slow machine is no mistake in the program; and CI must give the same answer twice.
settings.register_profile("consult", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("consult"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "consult")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Installs a plugin that comes from outside; the whole suite runs with it, and nothing can tell it apart."""
    packages = run.folder() / "packages"
    if not hasattr(config, "workerinput"):
        outside.install(Path(__file__).with_name("outside_plugin"), packages)
    outside.use(packages)
