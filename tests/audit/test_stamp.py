"""A line's author: set for a while, back afterwards, and never left out."""

from uuid import uuid4

import pytest

from audit import trail
from audit.models import Reading
from audit.trail import NoStamp, Stamp, current, stamped


def stamp(name: str) -> Stamp:
    return Stamp(
        actor_id=uuid4(), actor=name, role="investigator", unit_id=1, unit="Enheten",
        authority_id=1, authority="police",
    )  # fmt: skip


def test_nobody_acts_outside_of_stamped() -> None:
    with pytest.raises(NoStamp):
        current()


def test_a_line_without_an_author_is_not_written() -> None:
    with pytest.raises(NoStamp):
        trail.reading(Reading.Kind.OPENED)


def test_stamps_nest_and_what_was_before_comes_back() -> None:
    with stamped(stamp("Anna")):
        with stamped(stamp("Bo")):
            assert current().actor == "Bo"
        assert current().actor == "Anna"
    with pytest.raises(NoStamp):
        current()


def test_an_error_inside_brings_back_what_was_before() -> None:
    with stamped(stamp("Anna")):
        with pytest.raises(ZeroDivisionError), stamped(stamp("Bo")):
            _ = 1 / 0
        assert current().actor == "Anna"
