"""Sixty people want ten places, through the real server: two processes, of which one dies in the middle."""

from __future__ import annotations

import pytest

from bench.measuring.servers import Strength
from bench.places import AS_SERVED, compete, site_of
from consult.testing.applications import furnished

PEOPLE, PLACES = 60, 10


@pytest.fixture
def crowded(database):
    """The application and the site on the same database."""
    with furnished(database, **AS_SERVED) as app, site_of(database, Strength(2, 4)) as site:
        yield app, site


def test_ten_get_the_places_and_fifty_stand_in_line_though_a_worker_dies(crowded):
    app, site = crowded
    found = compete(app, site, PEOPLE, PLACES, at_once=8)
    assert (found.wrong, found.seats, found.waiting, found.letters) == ((), PLACES, PEOPLE - PLACES, PEOPLE)
    assert found.rush.answers == {303: PEOPLE}
    killed = compete(app, site, PEOPLE, PLACES, 8, site.kill_a_worker)
    assert (killed.wrong, killed.seats, killed.waiting, killed.letters) == ((), PLACES, PEOPLE - PLACES, PEOPLE)
    assert killed.rush.answers == {303: PEOPLE}
