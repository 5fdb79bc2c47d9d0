"""A bench asks whether a publication may be shown before it publishes or schedules it, by whatever button."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from consult.clock import now
from consult.db import db
from consult.errors import Refused
from consult.tenancy import inside
from consult.testing.factories import ON, town
from consult.web.workbench import Workbench
from plugins.consultations.views.staff import bench
from tests.ready_consultations import ready, unready


def without_a_question() -> Workbench:
    """The bench of consultations as it would be if its button published at once."""
    return replace(bench, asks="")


@pytest.mark.parametrize("days", [None, 3])
def test_what_is_not_ready_is_neither_published_nor_scheduled(app, days):
    at = now() + timedelta(days=days) if days else None
    with app.test_request_context("/"), inside(town(ON)):
        one = unready()
        with pytest.raises(Refused):
            without_a_question()._publish(one, at)
        assert one.state == "draft"
        db.session.rollback()


def test_what_is_ready_is_scheduled(app):
    with app.test_request_context("/"), inside(town(ON)):
        one = ready()
        without_a_question()._publish(one, now() + timedelta(days=3))
        assert (one.state, one.last_day is not None) == ("scheduled", True)
        db.session.rollback()
