"""What a running process holds in its memory."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

REGION = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ (\d+)\s*(.*)$")
CHUNK_BYTES = 256 * 1024


def found_in(pid: int, needles: Mapping[str, bytes]) -> set[str]:
    """The names of the needles that stand anywhere in the process's private, writable memory."""
    longest = max(map(len, needles.values()))
    found = set()
    for chunk in _chunks(pid, overlap=longest):
        found |= {name for name, needle in needles.items() if needle in chunk}
    return found


def _chunks(pid: int, *, overlap: int) -> Iterator[bytes]:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for start, end in _regions(Path(f"/proc/{pid}/maps").read_text().splitlines()):
            for at in range(start, end, CHUNK_BYTES):
                try:
                    memory.seek(at)
                    chunk = memory.read(min(CHUNK_BYTES + overlap, end - at))
                except OSError:
                    continue  # a guard page, or a region that was just given back
                # More than half is zeros, in which a search is slowest and finds nothing.
                if np.frombuffer(chunk, dtype=np.uint8).any():
                    yield chunk


def _regions(maps: Iterable[str]) -> Iterator[tuple[int, int]]:
    for line in maps:
        if (match := REGION.match(line)) and match[3].startswith("rw") and match[5] not in {"[vvar]"}:
            yield int(match[1], 16), int(match[2], 16)
