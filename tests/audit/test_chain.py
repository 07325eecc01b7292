"""The chain as pure functions: whole, and each way of being broken."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.chain import Broken, Fault, Link, link, verify

THING = uuid4()


def chain(*texts: str, thing: UUID = THING) -> list[Link]:
    """A whole chain of one thing."""
    links: list[Link] = []
    last = b""
    for seq, text in enumerate(texts):
        payload = text.encode()
        links.append(Link(thing, seq, last, link(payload, last), payload, True))
        last = links[-1].hash
    return links


def test_a_whole_chain_has_no_broken_line() -> None:
    assert verify(chain("born", "moved", "closed")) is None


def test_nothing_at_all_is_whole() -> None:
    assert verify([]) is None


def test_chains_of_several_things_stand_beside_each_other() -> None:
    assert verify([*chain("a", "b"), *chain("c", "d", thing=uuid4())]) is None


def test_a_changed_text_is_named() -> None:
    lines = chain("born", "moved", "closed")
    lines[1] = lines[1]._replace(payload=b"moved elsewhere")
    assert verify(lines) == Broken(THING, 1, Fault.ALTERED)


def test_a_text_changed_together_with_its_hash_breaks_the_next_line() -> None:
    lines = chain("born", "moved", "closed")
    forged = b"moved elsewhere"
    lines[1] = lines[1]._replace(payload=forged, hash=link(forged, lines[0].hash))
    assert verify(lines) == Broken(THING, 2, Fault.UNLINKED)


@pytest.mark.parametrize("gone", [0, 1])
def test_a_removed_line_is_named(gone: int) -> None:
    lines = chain("born", "moved", "closed")
    del lines[gone]
    assert verify(lines) == Broken(THING, gone, Fault.MISSING)


def test_columns_that_say_something_else_are_named() -> None:
    lines = chain("born", "moved")
    lines[1] = lines[1]._replace(faithful=False)
    assert verify(lines) == Broken(THING, 1, Fault.DIFFERENT)


def test_a_removed_last_line_is_seen_when_the_thing_says_how_far_it_got() -> None:
    lines = chain("born", "moved")[:1]
    assert verify(lines) is None
    assert verify(lines, {THING: 1}) == Broken(THING, 1, Fault.MISSING)
    assert verify([], {THING: 0}) == Broken(THING, 0, Fault.MISSING)


@given(st.lists(st.text(), min_size=1, max_size=8), st.data())
def test_any_change_of_any_text_is_found(texts: list[str], data: st.DataObject) -> None:
    lines = chain(*texts)
    at = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.binary().filter(lambda text: text != lines[at].payload))
    lines[at] = lines[at]._replace(payload=other)
    assert verify(lines) == Broken(THING, at, Fault.ALTERED)
