"""The benchmarks: that they run and print what they promise. How fast anything is depends on the machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import count, repeat
from pathlib import Path

import pytest

from bench.measuring.client import Failed, ask_for, ask_once, get
from bench.measuring.servers import Strength, served
from consult.testing.run import VARIABLE

ROOT = Path(__file__).resolve().parents[1]
NUMBER = r"\d+\.\d\d"


def test_the_benchmark_of_pages_prints_a_table_and_its_ratios():
    command = [sys.executable, "bench/pages.py", "--database", "sqlite", "--rows", "30", "--seconds", "0.2"]
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run([*command, "--rounds", "2"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"queries of a list page: (\S+) with 10 posts, \1 with 30 ", done.stdout), done.stdout
    for page in ("list", "article"):
        assert re.search(rf"^{page} again ÷ Flask and one query: {NUMBER} ", done.stdout, re.MULTILINE), done.stdout
        assert len(re.findall(rf"^{page} .+ \d+ +{NUMBER} +{NUMBER} +{NUMBER}$", done.stdout, re.MULTILINE)) == 5


def test_the_benchmark_of_places_prints_what_a_crowd_got_and_nothing_is_wrong():
    command = [sys.executable, "bench/places.py", "--database", "sqlite", "--people", "24", "--places", "5"]
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run([*command, "--rounds", "1"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(re.findall(rf"^site\D+ 5 +19 +24 +0 +{NUMBER}", done.stdout, re.MULTILINE)) == 2, done.stdout
    assert re.search(rf"^site ÷ bare view: {NUMBER} ", done.stdout, re.MULTILINE), done.stdout
    assert "WRONG" not in done.stdout


def test_the_benchmark_of_threads_needs_as_many_queries_at_every_size_and_prints_its_ratios():
    command = [sys.executable, "bench/thread.py", "--database", "sqlite", "--sizes", "100", "400", "--seconds", "0.1"]
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run([*command, "--rounds", "1"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for page in ("newest", "most agreed", "deep inside", "permalink"):
        assert re.search(rf"^  {page} +(\d / \d), \1$", done.stdout, re.MULTILINE), done.stdout
        assert len(re.findall(rf"^{page} .+ \d+ +\d+ +{NUMBER} +{NUMBER} +{NUMBER} +{NUMBER}$", done.stdout, re.M)) == 5
    assert re.search(r"the minimal page has \d+, 28 opinions and replies", done.stdout), done.stdout


def test_the_benchmark_of_writing_finds_every_opinion_that_was_acknowledged():
    command = [sys.executable, "bench/write.py", "--database", "sqlite", "--seconds", "0.5", "--workers", "1"]
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run([*command, "--rounds", "1"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^(\d+) acknowledged, \1 rows, \1 letters, \d+ confirmed$", done.stdout, re.MULTILINE), (
        done.stdout
    )
    assert re.search(rf"^site ÷ bare view with 16 clients: {NUMBER} ", done.stdout, re.MULTILINE), done.stdout
    assert "WRONG" not in done.stdout


def test_the_benchmark_of_exports_takes_every_file_and_prints_its_ratio():
    command = [sys.executable, "bench/export.py", "--database", "sqlite", "--sizes", "90", "600", "--rounds", "1"]
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for file in ("bare cursor", "csv", "json"):
        assert len(re.findall(rf"^{file} +(?:90|600) +\d+\.\d +{NUMBER} +{NUMBER} ", done.stdout, re.MULTILINE)) == 2
    assert re.search(rf"^csv ÷ bare cursor, 600 opinions: {NUMBER} ", done.stdout, re.MULTILINE), done.stdout


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """A server that answers 200 at /, and counts what it was asked at /count."""
    folder = tmp_path_factory.mktemp("bench")
    (folder / "counting.py").write_text(
        "asked = 0\n"
        "def app(environ, start_response):\n"
        "    global asked\n"
        "    asked += 1\n"
        "    body = str(asked).encode() if environ['PATH_INFO'] == '/count' else b'here'\n"
        "    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])\n"
        "    return [body]\n"
    )
    with served("counting:app", {"PYTHONPATH": str(folder)}, Strength(1, 2), folder / "log") as found:
        yield found


def test_the_client_asks_no_longer_than_it_is_told_and_counts_every_answer(port):
    before, sent = int(ask_once(port, get("/count"))[2]), count()
    sample = ask_for(0.3, port, (get(f"/?{next(sent)}") for _ in repeat(None)), 200, connections=3)
    asked = int(ask_once(port, get("/count"))[2]) - before - 1
    assert asked == next(sent)
    assert sample.per_second <= asked / 0.3
    assert 0 < sample.median_ms < 300


def test_the_client_refuses_to_measure_another_status_than_the_one_wanted(port):
    with pytest.raises(Failed, match=r"wanted b'HTTP/1\.1 304'"):
        ask_for(0.1, port, repeat(get("/")), 304, connections=1)
