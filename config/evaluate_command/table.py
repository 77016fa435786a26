"""Figures as lines for a person."""

from collections.abc import Iterator, Mapping
from typing import Any

DIGITS = 4
WIDTH = 34


def rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value with every fraction in it rounded to four digits, and every tuple as a list."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {name: rounded(each) for name, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list | tuple) else value


def figure_lines(figures: Mapping[str, Any], indent: int = 0) -> Iterator[str]:
    """Yield a line for each figure, its interval beside it; groups are indented."""
    for name, value in figures.items():
        if name.endswith("_ci") and name.removesuffix("_ci") in figures:
            continue
        label = f"{' ' * indent}{name}"
        if isinstance(value, Mapping) and value:
            yield label
            yield from figure_lines(value, indent + 2)
        else:
            yield f"{label:{WIDTH}} {_shown(value)}{_interval(figures.get(f'{name}_ci'))}"


def _shown(value: object) -> str:
    return "-" if value is None or value == {} else str(value)


def _interval(bounds: list[float] | None) -> str:
    return f"   (95% interval {bounds[0]} to {bounds[1]})" if bounds else ""
