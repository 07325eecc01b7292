"""Charts as numbers that a template draws: no style attribute, no script."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 170  # about a phone's width: the words keep their size there
LEFT, BOTTOM, TOP = 30, 22, 8


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A word on an axis."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two series of bars, one pair per label; the first is filled, the second outlined."""

    first: list[Bar]
    second: list[Bar]
    labels: list[Mark]
    scale: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def pairs(labels: Sequence[str], first: Sequence[int], second: Sequence[int]) -> Pairs:
    """The geometry. Every other label is left out: they would touch on a phone."""
    most = nice(max([1, *first, *second]))
    slot = (WIDTH - LEFT) / len(labels)
    wide = slot * 0.36
    span = HEIGHT - BOTTOM - TOP

    def bar(place: int, value: int, side: int) -> Bar:
        tall = round(span * value / most, 1)
        x = LEFT + slot * place + slot / 2 + (side - 1) * wide
        return Bar(round(x, 1), round(HEIGHT - BOTTOM - tall, 1), round(wide - 2, 1), tall)

    return Pairs(
        first=[bar(place, value, 0) for place, value in enumerate(first)],
        second=[bar(place, value, 1) for place, value in enumerate(second)],
        labels=[
            Mark(round(LEFT + slot * place + slot / 2, 1), HEIGHT - 6, text)
            for place, text in enumerate(labels)
            if place % 2 == (len(labels) - 1) % 2
        ],
        scale=[
            Mark(LEFT - 6, round(HEIGHT - BOTTOM - span * value / most, 1), str(value))
            for value in sorted({0, most // 2, most})
        ],
    )


def nice(value: int) -> int:
    """The end of the scale: 2, 4, 10, 20, 40, 100 …"""
    size = 1
    while True:
        for step in (2, 4, 10):
            if value <= step * size:
                return step * size
        size *= 10
