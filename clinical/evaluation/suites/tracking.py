"""How a suite shows how far it is."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Track(Protocol):
    """Gives the items back one by one, and shows how many are done."""

    def __call__(self, items: Sequence[Item], title: str) -> Iterable[Item]:
        """Return the items, in their order."""


def untracked(items: Sequence[Item], title: str) -> Iterable[Item]:
    """Return the items and show nothing."""
    return items
