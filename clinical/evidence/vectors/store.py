"""The vectors on disk: one row a source, in append-only files beside the words' index.

`facts` holds what filters need, `signs` the sign of each dimension, `vectors` the dimensions as int8. Which
rows are in use only the words' index knows, so that a crash cannot leave the two at odds: a row that no
source of the index carries is never read.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from clinical.evidence.domain import Filters, Source
from clinical.evidence.vectors.static import WIDTH, quantise, sign_bits

# A year that is not known is 0. Names are kept as checksums, specialties as one bit each: two names may share
# one, so that a mask can admit a source too many, which the tags of the words' index then keep out.
FACTS = np.dtype(
    [
        ("is_set", "u1"),
        ("grade", "u1"),
        ("year", "<u2"),
        ("corpus", "<u4"),
        ("language", "<u4"),
        ("specialties", "<u8"),
    ]
)
_ROW_BYTES = {"facts": FACTS.itemsize, "signs": WIDTH // 8, "vectors": WIDTH}
_SPECIALTY_BITS = 64
_LAST_YEAR = 65_535
# Rows whose signs are compared at once: they and what is computed of them fit a core's cache.
_BLOCK = 65_536
# Of this many rows with the nearest signs the vectors themselves are compared.
SHORT_LIST = 4_000
_FAR = np.uint16(65_535)


def facts_of(source: Source) -> tuple[int, ...]:
    """Return the source's row of FACTS."""
    bits = 0
    for specialty in source.specialties:
        bits |= _specialty_bit(specialty)
    year = min(max(source.year or 0, 0), _LAST_YEAR)
    return 1, source.grade, year, _checksum(source.corpus), _checksum(source.language or ""), bits


def _checksum(name: str) -> int:
    return crc32(name.encode("utf-8", "replace"))


def _specialty_bit(specialty: str) -> int:
    return 1 << (_checksum(specialty) % _SPECIALTY_BITS)


def count_rows(folder: Path) -> int:
    """Return how many whole rows the folder's files hold."""
    try:
        return min((folder / name).stat().st_size // size for name, size in _ROW_BYTES.items())
    except OSError:
        return 0


class VectorStore:
    """Rows open for reading; those that are written later are not seen."""

    def __init__(self, folder: Path) -> None:
        """Open the rows that are there, which may be none."""
        self.size = count_rows(folder)
        self._facts = self._map(folder / "facts", FACTS, ())
        self._signs = self._map(folder / "signs", np.dtype("u8"), (WIDTH // 64,))
        self._vectors = self._map(folder / "vectors", np.dtype("i1"), (WIDTH,))

    def _map(self, path: Path, kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        if not self.size:
            return np.empty((0, *shape), kind)
        return np.memmap(path, kind, "r", shape=(self.size, *shape))

    def nearest(self, vector: NDArray[np.float32], *, filters: Filters, limit: int) -> NDArray[np.int64]:
        """Return the rows nearest to a unit vector of WIDTH dimensions, best first."""
        distances = np.where(self._admitted(filters), self._sign_distances(vector), _FAR)
        rows = _smallest(distances, max(SHORT_LIST, limit))
        best = np.argsort(-(self._vectors[rows].astype(np.float32) @ vector), kind="stable")[:limit]
        return rows[best]

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the unit vectors [n, WIDTH] of rows; zeros for a text without known stems."""
        vectors: NDArray[np.float32] = self._vectors[rows].astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def _sign_distances(self, vector: NDArray[np.float32]) -> NDArray[np.uint16]:
        """Return in how many dimensions each row's sign differs from the vector's."""
        wanted = sign_bits(vector[np.newaxis]).view("u8")[0]
        distances = np.empty(self.size, np.uint16)
        for start in range(0, self.size, _BLOCK):
            block = distances[start : start + _BLOCK]
            signs = self._signs[start : start + _BLOCK]
            block[:] = np.bitwise_count(signs[:, 0] ^ wanted[0])
            for word in range(1, len(wanted)):
                block += np.bitwise_count(signs[:, word] ^ wanted[word])
        return distances

    def _admitted(self, filters: Filters) -> NDArray[np.bool_]:
        """Return for each row whether it is written and passes the filters."""
        facts = self._facts
        admitted: NDArray[np.bool_] = facts["is_set"] == 1
        if filters.year_from is not None or filters.year_to is not None:
            earliest = 1 if filters.year_from is None else max(filters.year_from, 1)
            latest = _LAST_YEAR if filters.year_to is None else filters.year_to
            admitted &= (facts["year"] >= earliest) & (facts["year"] <= latest)
        for name, wanted in (("corpus", filters.corpora), ("language", filters.languages)):
            if wanted:
                admitted &= np.isin(facts[name], np.array(list(map(_checksum, wanted)), np.uint32))
        if filters.grades:
            admitted &= np.isin(facts["grade"], np.array(filters.grades, np.uint8))
        if filters.specialties:
            bits = np.bitwise_or.reduce(np.array(list(map(_specialty_bit, filters.specialties)), np.uint64))
            admitted &= (facts["specialties"] & bits) != 0
        return admitted


def _smallest(distances: NDArray[np.uint16], count: int) -> NDArray[np.int64]:
    """Return the places of the `count` smallest that are not _FAR, in order of place."""
    places: NDArray[np.int64] = np.arange(len(distances))
    if len(distances) > count:
        last = np.partition(distances, count)[count]
        nearer = np.flatnonzero(distances < last)
        # Of a great many that are as far as the last, no more than there is room for.
        equal = np.flatnonzero(distances == last)[: count - len(nearer)]
        places = np.sort(np.concatenate([nearer, equal]))
    nearest: NDArray[np.int64] = places[distances[places] != _FAR]
    return nearest


class VectorWriter:
    """Rows open for writing, by one writer at a time: the one who holds the words' index."""

    def __init__(self, folder: Path) -> None:
        """Open the files; half a row that a crash left is dropped."""
        self.size = count_rows(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ROW_BYTES:
            (folder / name).touch()
        self._files = {name: (folder / name).open("r+b", buffering=0) for name in _ROW_BYTES}
        for name, file in self._files.items():
            file.truncate(self.size * _ROW_BYTES[name])

    def write(self, rows: NDArray[np.int64], sources: Iterable[Source], vectors: NDArray[np.float32]) -> None:
        """Put the unit vectors of sources into their rows, which may lie past the end. Raises: OSError."""
        facts = np.array([facts_of(source) for source in sources], FACTS)
        columns = {"facts": facts, "signs": sign_bits(vectors), "vectors": quantise(vectors)}
        for run in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(rows) != 1) + 1):
            for name, column in columns.items():
                _write(
                    self._files[name].fileno(), column[run].tobytes(), int(rows[run[0]]) * _ROW_BYTES[name]
                )
        self.size = max(self.size, int(rows.max()) + 1)

    def sync(self) -> None:
        """Make what was written durable. Raises: OSError."""
        for file in self._files.values():
            os.fsync(file.fileno())

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()


def _write(file: int, data: bytes, offset: int) -> None:
    left = memoryview(data)
    while left:
        written = os.pwrite(file, left, offset)
        left, offset = left[written:], offset + written
