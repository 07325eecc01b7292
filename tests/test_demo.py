"""The demo's launcher: what it refuses, what it does once, what it leaves alone."""

import os
import socket
from pathlib import Path

import pytest

from access import embedded
from casework.demo.__main__ import once, port_wanted, start_over
from casework.demo.people import AUTHORITIES, PEOPLE, UNITS


@pytest.mark.parametrize("word", ["none", "0", "70000", "-1", "80a"])
def test_a_port_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("PORT", word)
    with pytest.raises(SystemExit, match="is no port number"):
        port_wanted()


def test_a_taken_port_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(SystemExit, match="make demo PORT="):
            port_wanted()


def test_only_finished_work_counts_as_done(tmp_path: Path) -> None:
    mark, done = tmp_path / "mark", []

    def fails() -> None:
        raise RuntimeError

    once(mark, "one", lambda: done.append("one"))
    once(mark, "one", lambda: done.append("again"))
    with pytest.raises(RuntimeError):
        once(mark, "two", fails)
    once(mark, "one", lambda: done.append("after a failure"))
    assert done == ["one", "after a failure"]


def test_starting_over_deletes_nothing_of_others(tmp_path: Path) -> None:
    embedded.start(tmp_path).ensure("fortur")
    (tmp_path / "diary").write_text("mine")
    (tmp_path / "loaded").write_text("yes")
    start_over(tmp_path)
    assert os.listdir(tmp_path) == ["diary"]


def test_everybody_belongs_to_a_unit_of_an_authority() -> None:
    assert {person.unit for person in PEOPLE} <= set(UNITS)
    assert {unit.authority for unit in UNITS} == set(AUTHORITIES)
    assert len({person.username for person in PEOPLE}) == len(PEOPLE) == 15
