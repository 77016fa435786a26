"""A bar for long work, on standard error and only where that is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

BYTES = "B"


@contextmanager
def progress_bar(title: str, *, unit: str = BYTES) -> Iterator[Callable[[int, int | None], None]]:
    """Give a function that shows how much is done of how much in all; bytes are shown in kB, MB, GB."""
    with tqdm(desc=title, unit=unit, unit_scale=unit == BYTES, delay=0.2, disable=None) as bar:

        def show(done: int, total: int | None) -> None:
            if total != bar.total:
                bar.total = total
            bar.update(done - bar.n)

        yield show
