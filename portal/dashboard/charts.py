"""Where the strokes of a chart go: pure functions, numbers in, coordinates out as SVG wants them written.

The plots have no size of their own: they are stretched to the room that there is, with every word beside them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# The width and the height of the plot, in its own units.
SIDE = 100.0
TICKS = 4  # equal parts into which the rules divide the plot


@dataclass(frozen=True)
class LineSeries:
    """A series: its strokes, each the points of values without a gap between them, and every value's point."""

    label: str
    css_class: str
    strokes: list[str]
    dots: list[tuple[str, str]]


@dataclass(frozen=True)
class LineChart:
    """Lines over evenly spaced moments; `ticks` are the values of the rules across, the greatest first."""

    lines: list[LineSeries]
    ticks: list[float]
    rules: list[str]


@dataclass(frozen=True)
class Part:
    """A part of a bar, from `start` on and `width` long."""

    label: str
    css_class: str
    start: str
    width: str


def line_chart(series: Sequence[tuple[str, str, Sequence[float | None]]]) -> LineChart:
    """The chart of some series (label, CSS class, values), all as long as each other; None leaves a gap."""
    values = [value for _label, _css_class, numbers in series for value in numbers if value is not None]
    top = nice_top(max(values, default=0.0))
    lines = [_line(label, css_class, numbers, top) for label, css_class, numbers in series]
    ticks = [top * number / TICKS for number in range(TICKS, -1, -1)]
    return LineChart(lines, ticks, [_written(SIDE * number / TICKS) for number in range(TICKS + 1)])


def stacked(parts: Sequence[tuple[str, str, float]], most: float) -> list[Part]:
    """The parts (label, CSS class, value) of a bar one after the other; a bar of `most` is as long as there is room."""
    placed, start = [], 0.0
    for label, css_class, value in parts:
        width = SIDE * value / most if most else 0.0
        placed.append(Part(label, css_class, _written(start), _written(width)))
        start += width
    return placed


def overlaid(parts: Sequence[tuple[str, str, float]], most: float) -> list[Part]:
    """The parts of a bar one over the other, all from the start on; the longest comes first, below the others."""
    longest_first = sorted(parts, key=lambda part: -part[2])
    return [part for one in longest_first for part in stacked([one], most)]


def nice_top(value: float) -> float:
    """A round number at or above a value that divides well by the number of ticks."""
    if value <= 0:
        return float(TICKS)
    unit = 10.0 ** math.floor(math.log10(value / TICKS))
    return next(
        TICKS * step * unit for step in (1, 2, 2.5, 5, 10) if TICKS * step * unit >= value * (1 - 1e-9)
    )


def _line(label: str, css_class: str, values: Sequence[float | None], top: float) -> LineSeries:
    strokes: list[list[str]] = [[]]
    dots = []
    for index, value in enumerate(values):
        if value is None:
            strokes.append([])
            continue
        x = _written(SIDE * index / max(len(values) - 1, 1))
        y = _written(SIDE * (1 - value / top))
        dots.append((x, y))
        strokes[-1].append(f"{x},{y}")
    return LineSeries(label, css_class, [" ".join(stroke) for stroke in strokes if len(stroke) > 1], dots)


def _written(number: float) -> str:
    """As SVG reads it, whatever the reader's language."""
    return f"{number:.2f}"
