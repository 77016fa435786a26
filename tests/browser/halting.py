"""Processes of the running product, halted without being gone: they take connections and do not answer."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.product import Product


@contextmanager
def halted_ehr(product: Product) -> Iterator[None]:
    """The demo EHR, halted."""
    with _halted("ehr_integration.sandbox", product.environment["TACIT_SANDBOX_PORT"]):
        yield


@contextmanager
def halted_engine(product: Product) -> Iterator[None]:
    """The local model, halted."""
    with _halted("clinical.inference.engine.server", product.environment["TACIT_HOME"]):
        yield


@contextmanager
def _halted(*words: str) -> Iterator[None]:
    process = _process_of(*words)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def _process_of(*words: str) -> int:
    """The process whose command line holds all the words."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_text()
        except OSError:
            continue  # it ended meanwhile
        if all(word in command for word in words):
            return int(file.parent.name)
    raise AssertionError(f"no process runs {words[0]}")
