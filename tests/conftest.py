"""What all tests of the core share beside the fixtures of consult.testing."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A slow machine is no mistake in the program; and CI must give the same answer twice.
settings.register_profile("consult", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("consult"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "consult")
