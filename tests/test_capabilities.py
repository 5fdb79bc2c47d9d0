"""Capabilities: keys in the addresses of letters, which open one thing and are kept nowhere."""

from __future__ import annotations

import re

from consult.capabilities import capability, holds


def test_a_key_opens_what_it_was_made_for_and_nothing_beside_it(app):
    with app.app_context():
        key = capability("events.place", 7, "salt")
        assert holds(key, "events.place", 7, "salt")
        for other in (("events.place", 8, "salt"), ("events.place", 7, "other"), ("events.door", 7, "salt")):
            assert not holds(key, *other)


def test_parts_cannot_be_pushed_from_one_into_the_next(app):
    with app.app_context():
        assert capability("one", "ab", "c") != capability("one", "a", "bc")


def test_an_altered_key_opens_nothing(app):
    with app.app_context():
        key = capability("events.place", 7, "salt")
        for place, sign in enumerate(key):
            altered = key[:place] + ("a" if sign != "a" else "b") + key[place + 1 :]
            assert not holds(altered, "events.place", 7, "salt")
        assert not holds("", "events.place", 7, "salt")
        assert not holds("ключ", "events.place", 7, "salt")


def test_another_secret_makes_other_keys(app):
    with app.app_context():
        key = capability("events.place", 7, "salt")
        app.config["SECRET_KEY"] = "another secret that is quite as long as the first"
        assert not holds(key, "events.place", 7, "salt")


def test_a_key_can_stand_in_an_address(app):
    with app.app_context():
        keys = {capability("events.place", number, "salt") for number in range(300)}
    assert len(keys) == 300
    assert all(re.fullmatch("[a-z][a-z0-9]{26}", key) for key in keys)
