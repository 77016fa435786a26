"""A text's vector: the sum of the vectors that its stems have, whatever their order.

The vectors of stems are trained by `benchmarks/train_static_vectors.py`; see `clinical/evidence/trained/README.md`.
"""

import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WIDTH = 256
# What `codes` holds.
CODE = np.dtype("<u2")
_PATH = Path(__file__).parent.parent / "trained" / "static.npz"
# Dimensions of a unit vector seldom reach 0.25; what does is cut off.
_LEVELS = 508.0
# Known stems are far fewer; what is left of the numbers is for checksums of the others.
_CODES = 1 << 16
# The most that different stems are alike.
_ALMOST = np.float32(0.999)


def _read_model() -> str:
    """Return a name that changes with the vectors, from the archive's own checksums."""
    with zipfile.ZipFile(_PATH) as archive:
        return f"static-{WIDTH} " + " ".join(f"{member.CRC:08x}" for member in archive.infolist())


MODEL = _read_model()


class _Codes(dict[str, int]):
    """The row of each known stem; a checksum for any other, which is not kept."""

    def __missing__(self, stem: str) -> int:
        return len(self) + crc32(stem.encode()) % (_CODES - len(self))


@cache
def _load() -> tuple[_Codes, NDArray[np.float32]]:
    """Return the code of each stem, and the rows [V, WIDTH] of the known ones, their weight in them."""
    with np.load(_PATH) as trained:
        known = trained["stems"].tobytes().decode("utf-8").split("\n")
        rows = trained["vectors"].astype(np.float32)
        rows *= trained["scales"][:, np.newaxis]
    return _Codes({stem: row for row, stem in enumerate(known)}), rows


def codes(line: str) -> NDArray[np.uint16]:
    """Return a number for each stem of a stem line, in order: its row where it is known, else a checksum."""
    code_of, _ = _load()
    return np.fromiter(map(code_of.__getitem__, line.split()), CODE)


def embed(lines: Sequence[str]) -> NDArray[np.float32]:
    """Return the unit vectors [n, WIDTH] of stem lines (see `relevance.words`); zeros where no stem is known."""
    return embed_codes(list(map(codes, lines)))


def embed_codes(coded: Sequence[NDArray[np.uint16]]) -> NDArray[np.float32]:
    """Return the unit vectors [n, WIDTH] of texts whose stems are coded."""
    _, rows = _load()
    vectors = np.zeros((len(coded), WIDTH), np.float32)
    for vector, numbers in zip(vectors, coded, strict=True):
        found, often = np.unique(numbers[numbers < len(rows)], return_counts=True)
        np.dot(1 + np.log(often, dtype=np.float32), rows[found], out=vector)
    return _unit(vectors)


def similarities(wanted: NDArray[np.uint16], found: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return the cosines [wanted, found] of coded stems: exactly 1 where they are one, 0 where one is unknown."""
    directions = _directions()
    # Only the rows in use are multiplied, each once; the last column stands for every unknown stem.
    places = np.minimum(found, len(directions))
    is_used = np.zeros(len(directions) + 1, np.bool_)
    is_used[places] = True
    used = np.flatnonzero(is_used[:-1])
    column = np.full(len(directions) + 1, len(used))
    column[used] = np.arange(len(used))
    cosines = np.zeros((len(wanted), len(used) + 1), np.float32)
    known = np.flatnonzero(wanted < len(directions))
    cosines[known, :-1] = np.minimum(directions[wanted[known]] @ directions[used].T, _ALMOST)
    cosines[known, column[wanted[known]]] = is_used[wanted[known]]
    of_each = cosines[:, column[places]]
    for unknown in np.flatnonzero(wanted >= len(directions)):
        of_each[unknown] = found == wanted[unknown]
    return of_each


@cache
def _directions() -> NDArray[np.float32]:
    _, rows = _load()
    return _unit(rows.copy())


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make the vectors' lengths 1, in place; those without a direction stay zero."""
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(lengths, np.float32(1e-9))
    return vectors


def quantise(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return unit vectors [n, WIDTH] as int8; dot products of one with floats keep their order."""
    levels: NDArray[np.int8] = np.clip(np.rint(vectors * _LEVELS), -127, 127).astype(np.int8)
    return levels


def sign_bits(vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the signs of vectors [n, WIDTH] as bits [n, WIDTH / 8]: few differ where two are near."""
    return np.packbits(vectors > 0, axis=1)
