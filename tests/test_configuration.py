"""Settings: each is read by what it is, wherever it is written, and what cannot be right stops the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.configuration import DEFAULTS, READERS, configure
from consult.errors import ContractError

LONG = "1234567890" * 4


@pytest.fixture(autouse=True)
def without_a_surrounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine that runs the tests is a setting of theirs."""
    for name in READERS:
        monkeypatch.delenv(f"CONSULT_{name}", raising=False)


def configured(folder: Path, **given: Any) -> dict[str, Any]:
    """The configuration of an installation in ``folder``."""
    app = Flask("consult")
    configure(app, folder, {"INSTANCE": str(folder), **given})
    return dict(app.config)


def refusal(folder: Path, **given: Any) -> str:
    """What stops the start with these settings, all four lines of it."""
    with pytest.raises(ContractError) as caught:
        configured(folder, **given)
    assert str(caught.value).count("\n") == 3
    return str(caught.value)


def test_every_setting_has_a_reader():
    assert set(READERS) == set(DEFAULTS)


def test_a_secret_of_digits_stays_a_text(tmp_path, monkeypatch):
    monkeypatch.setenv("CONSULT_SECRET_KEY", LONG)
    assert configured(tmp_path)["SECRET_KEY"] == LONG
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize("key", ["1234", "only-for-tests", "x" * 31])
def test_a_short_secret_stops_the_start_except_in_a_test(tmp_path, monkeypatch, key):
    monkeypatch.setenv("CONSULT_SECRET_KEY", key)
    assert f"{len(key)} characters" in refusal(tmp_path)
    assert configured(tmp_path, TESTING=True)["SECRET_KEY"] == key


def test_a_secret_that_is_no_text_stops_the_start(tmp_path):
    (tmp_path / "consult.toml").write_text(f"secret_key = {LONG}\n")
    assert "SECRET_KEY" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("typed", "means"),
    [("true", True), ("1", True), ("Yes", True), ("on", True), ("false", False), ("0", False), ("no", False)],
)
def test_a_truth_is_read_as_people_write_it(tmp_path, monkeypatch, typed, means):
    monkeypatch.setenv("CONSULT_SECURE", typed)
    found = configured(tmp_path)
    assert found["SECURE"] is means
    assert found["SESSION_COOKIE_SECURE"] is means


def test_the_environment_goes_before_the_file_and_the_caller_before_both(tmp_path, monkeypatch):
    (tmp_path / "consult.toml").write_text('origin = "https://a.example"\nmail = "smtp://a"\nplace = "SZR31"\n')
    monkeypatch.setenv("CONSULT_ORIGIN", "https://b.example")
    monkeypatch.setenv("CONSULT_MAIL", "smtp://b")
    found = configured(tmp_path, MAIL="smtp://c")
    assert (found["PLACE"], found["ORIGIN"], found["MAIL"]) == ("SZR31", "https://b.example", "smtp://c")


@pytest.mark.parametrize("typed", ["A.example, b.example", '["a.example", "b.example"]', ["a.example", "b.example"]])
def test_hosts_are_a_list_or_a_text_with_commas(tmp_path, monkeypatch, typed):
    if isinstance(typed, str):
        monkeypatch.setenv("CONSULT_REGION_HOSTS", typed)
        assert configured(tmp_path)["REGION_HOSTS"] == ["a.example", "b.example"]
    else:
        assert configured(tmp_path, REGION_HOSTS=typed)["REGION_HOSTS"] == ["a.example", "b.example"]


def test_a_number_is_a_number_and_an_origin_has_no_slash_at_its_end(tmp_path, monkeypatch):
    monkeypatch.setenv("CONSULT_TRUSTED_PROXIES", "2")
    monkeypatch.setenv("CONSULT_ORIGIN", "https://uchastvay.example:8443/")
    found = configured(tmp_path)
    assert (found["TRUSTED_PROXIES"], found["ORIGIN"]) == (2, "https://uchastvay.example:8443")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("SECURE", "maybe"),
        ("SECURE", ""),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "true"),
        ("REGION_HOSTS", " , "),
        ("REGION_HOSTS", "[1]"),
        ("PLACE", "szr31"),
        ("PLACE", "Stara Zagora"),
        ("ORIGIN", "uchastvay.example"),
        ("ORIGIN", "https://uchastvay.example/path"),
        ("ORIGIN", "https://uchastvay.example//"),
        ("ORIGIN", "https://somebody@uchastvay.example"),
        ("ORIGIN", "https://uchastvay.example?x"),
        ("ORIGIN", "https://uchastvay.example:port"),
        ("ORIGIN", "https://uchastvay.example:"),
        ("ORIGIN", 'https://uchastvay.example"'),
        ("ORIGIN", "ftp://uchastvay.example"),
        ("ORIGIN", "https://"),
        ("MAIL", "carrier-pigeon://roof"),
        ("MAIL", "smtp://mail.example:port"),
    ],
)
def test_a_value_that_cannot_be_right_stops_the_start(tmp_path, monkeypatch, name, typed):
    monkeypatch.setenv(f"CONSULT_{name}", typed)
    assert name in refusal(tmp_path)


def test_a_file_that_is_no_toml_stops_the_start_in_words(tmp_path):
    (tmp_path / "consult.toml").write_text("origin = https://uchastvay.example\n")
    assert "consult.toml" in refusal(tmp_path)
