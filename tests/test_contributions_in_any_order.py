"""Whatever authors, readers and moderators do in whatever order: nothing that was accepted vanishes from the counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from consult.clock import now
from consult.db import db
from consult.errors import Refused
from consult.journal import acting
from consult.participation import (
    ContributionVersion,
    Standing,
    agree,
    appeal,
    confirm,
    counts_of,
    decide_appeal,
    dismiss_reports,
    disown,
    edit,
    forget_unconfirmed,
    hide,
    look_at_original,
    mask_and_publish,
    publish_held,
    report,
    stop_agreeing,
    withdraw_contribution,
)
from consult.tenancy import inside, open_towns
from consult.testing.factories import ON, town
from plugins.consultations.models import Opinion
from tests.opinions import SAYS, check_counts, consult_people, letter_keys, opinions, person_id, say

EGN = "Моето ЕГН е 6101057509, обадете ми се."
TEXTS = st.sampled_from([SAYS, "Нека посадим повече дървета.", EGN])
WHO, WHICH, STANCES = st.integers(0, 3), st.integers(0, 7), st.sampled_from(["for", "change"])
CALM = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
SMALL = settings(CALM, max_examples=12, stateful_step_count=30, phases=[Phase.generate])


class Talk(RuleBasedStateMachine):
    """One consultation on the real database."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.app = app
        self.clock = time_machine.travel(now(), tick=False)
        self.turn = self.clock.start()
        with app.app_context(), inside(town(ON)):
            self.number = consult_people().id
            self.reader, self.staff = person_id(), (person_id("moderator"), person_id("admin"))
            db.session.commit()

    def teardown(self) -> None:
        self.clock.stop()

    def _do(self, deed: Callable[[], Any]) -> None:
        with self.app.app_context(), inside(town(ON)):
            try:
                deed()
                db.session.commit()
            except Refused:
                db.session.rollback()

    def _to(self, which: int, deed: Callable[[Opinion], Any]) -> None:
        def does() -> None:
            found = opinions(self.number)
            if found:
                deed(found[which % len(found)])

        self._do(does)

    @rule(who=WHO, text=TEXTS, stance=STANCES)
    def somebody_says(self, who: int, text: str, stance: str) -> None:
        self._do(lambda: say(self.number, who, text, stance=stance))

    @rule(who=WHO, text=TEXTS, which=WHICH)
    def somebody_replies(self, who: int, text: str, which: int) -> None:
        self._to(which, lambda one: one.reply_to_id or say(self.number, who, text, reply_to_id=one.id))

    @rule(which=WHICH)
    def it_is_confirmed(self, which: int) -> None:
        self._to(which, confirm)

    @rule(which=WHICH, text=TEXTS)
    def it_is_edited(self, which: int, text: str) -> None:
        self._to(which, lambda one: edit(one, text))

    @rule(which=WHICH, ends=st.sampled_from([withdraw_contribution, disown]))
    def it_is_ended(self, which: int, ends: Callable[[Opinion], None]) -> None:
        self._to(which, ends)

    @rule(which=WHICH, is_back=st.booleans())
    def somebody_agrees(self, which: int, is_back: bool) -> None:
        self._to(which, lambda one: (stop_agreeing if is_back else agree)(one, self.reader))

    @rule(which=WHICH)
    def somebody_reports(self, which: int) -> None:
        self._to(which, lambda one: report(one, "obida", "", None))

    @rule(which=WHICH, does=st.sampled_from([publish_held, dismiss_reports, look_at_original]))
    def a_moderator_looks(self, which: int, does: Callable[[Opinion], None]) -> None:
        self._to(which, lambda one: does(one) if one.is_accepted else None)

    @rule(which=WHICH)
    def a_moderator_blacks_out(self, which: int) -> None:
        self._to(
            which, lambda one: mask_and_publish(one, one.text.replace("6101057509", "[скрито]"), one.edition, "lichni")
        )

    @rule(which=WHICH, who=st.integers(0, 1), watches=st.booleans())
    def a_moderator_hides(self, which: int, who: int, watches: bool) -> None:
        with acting(self.staff[who]):
            self._to(which, lambda one: hide(one, "obida", "Обижда.", watches))

    @rule(which=WHICH)
    def its_author_objects(self, which: int) -> None:
        self._to(which, lambda one: appeal(one, "Не е вярно."))

    @rule(which=WHICH, who=st.integers(0, 1), is_shown=st.booleans())
    def somebody_decides(self, which: int, who: int, is_shown: bool) -> None:
        with acting(self.staff[who]):
            self._to(which, lambda one: decide_appeal(one, is_shown, "Така е."))

    @rule(hours=st.sampled_from([0.2, 1, 73]))
    def time_passes(self, hours: float) -> None:
        self.turn.shift(timedelta(hours=hours))
        with self.app.app_context():
            forget_unconfirmed(list(open_towns()))

    @invariant()
    def nothing_has_vanished(self) -> None:
        with self.app.app_context(), inside(town(ON)):
            check_counts(self.number)
            rows = opinions(self.number)
            assert counts_of(self.number).everything.accepted == sum(one.is_accepted for one in rows)
            for one in rows:
                _check(one)


def _check(one: Opinion) -> None:
    assert (one.accepted_at is None) == (one.standing == Standing.UNCONFIRMED)
    assert bool(one.text) == (
        one.standing in (Standing.HELD, Standing.PUBLISHED) or not (one.is_accepted or one.erased_at)
    )
    assert one.queued_at is None or one.standing in (Standing.HELD, Standing.PUBLISHED, Standing.HIDDEN)
    assert (one.queued_at is None) == (one.queued_for == "")
    assert one.standing != Standing.HELD or one.queued_at is not None, "nobody would ever read it"
    letters = letter_keys(one)
    assert len(letters) == len(set(letters))
    versions = select(func.count()).where(ContributionVersion.contribution_id == one.id)
    assert db.session.scalar(versions) == (one.edition if one.is_accepted else 0)


def test_whatever_is_done_in_whatever_order_nothing_vanishes(app):
    run_state_machine_as_test(lambda: Talk(app), settings=SMALL)  # type: ignore[arg-type]
