"""The short versions of tests/reliability: the same scripts, fewer rounds, one service for all."""

from collections.abc import Iterator

import pytest

from tests.reliability import alter, kills, mixed, restore, revoked
from tests.reliability.stage import Stage, stage

pytestmark = pytest.mark.xdist_group("reliability")


@pytest.fixture(scope="module")
def service() -> Iterator[Stage]:
    with stage() as made:
        yield made


def test_no_acknowledged_step_is_lost_when_web_database_and_worker_are_killed(
    service: Stage,
) -> None:
    found = kills.run(service, cycles=3, seed=7)
    assert found["acknowledged"] > 0
    assert (found["lost"], found["broken lines"]) == (0, 0)


def test_nobody_gets_what_is_somebody_elses(service: Stage) -> None:
    found = mixed.run(service, requests=240, threads=4, seed=7)
    assert found["showed what is one's own"] > 0
    assert found["wrong person"] == 0, found["first wrong"]
    assert not [status for status in found["answers"] if status >= 500]


def test_no_request_is_served_after_the_access_has_ended(service: Stage) -> None:
    found = revoked.run(service, rounds=1)
    assert found["served before"] > 0
    assert found["served after"] == 0


def test_the_services_logins_can_not_alter_or_erase_the_trail(service: Stage) -> None:
    found = alter.run(service)
    for login in ("fortur_app", "fortur_demo", "fortur_verify"):
        assert found[login]["blocked"] == found[login]["tried"], found[login]
    assert not [way for way in found["fortur_owner"]["not blocked"] if way.startswith("DELETE")]


def test_what_is_restored_is_the_same_line_for_line(service: Stage) -> None:
    found = restore.run(service)
    assert found["dump and restore"]["same hash"]
    assert found["point in time"]["same hash"]
    assert found["point in time"]["lines written after it"] > 0
