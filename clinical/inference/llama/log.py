"""What llama.cpp logs is dropped, for it may quote the prompt. Only while it loads a file is it asked why not."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager

import llama_cpp

ERROR = 4  # ggml_log_level
LONGEST_COMPLAINT = 200
# Each line begins with the name of the function that wrote it.
FUNCTION = re.compile(r"^\w+: ")


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # a ctypes factory
def _silent(_level: int, _text: bytes, _data: object) -> None:
    """Keep nothing."""


class Complaints:
    """Errors that llama.cpp logged."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, text: bytes) -> None:
        """Keep a line, without what could move a terminal's cursor: it may quote names from a stranger's file."""
        line = "".join(each for each in text.decode(errors="replace").strip() if each.isprintable())
        if line:
            self._lines.append(FUNCTION.sub("", line)[:LONGEST_COMPLAINT])

    @property
    def reason(self) -> str:
        """The first: those after it only say that the work was given up."""
        return self._lines[0] if self._lines else "nothing"


def silence() -> None:
    """Drop every line from now on."""
    llama_cpp.llama_log_set(_silent, ctypes.c_void_p(0))


@contextmanager
def complaints() -> Iterator[Complaints]:
    """Yield what llama.cpp complains about while it lasts. Only for work that sees no prompt."""
    heard = Complaints()

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # a ctypes factory
    def keep(level: int, text: bytes, _data: object) -> None:
        if level == ERROR:
            heard.add(text)

    llama_cpp.llama_log_set(keep, ctypes.c_void_p(0))
    try:
        yield heard
    finally:
        silence()
