"""What the subcommands of `manage.py models` share: the registry, and a bar for long work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from tqdm import tqdm

from clinical.inference.registry.registry import Registry


def load_registry() -> Registry:
    """Return the registry of this installation. Raises: RegistryInvalid."""
    return Registry.load(
        content_folder=settings.TACIT_CONTENT_FOLDER, models_folder=settings.TACIT_MODELS_FOLDER
    )


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int | None], None]]:
    """Give a function that shows bytes done of bytes in all on standard error, where that is a terminal."""
    with tqdm(desc=title, unit="B", unit_scale=True, delay=0.2, disable=None) as bar:

        def show(done: int, total: int | None) -> None:
            if total != bar.total:
                bar.total = total
            bar.update(done - bar.n)

        yield show
