"""Arrays of token ids that can be wiped: a Python list would leave copies behind."""

import ctypes
from collections.abc import Iterable, Iterator, Sequence

TokenArray = ctypes.Array[ctypes.c_int32]


def token_array(tokens: Sequence[int]) -> TokenArray:
    """Return the ids as one C array."""
    return (ctypes.c_int32 * len(tokens))(*tokens)


def joined(parts: Iterable[TokenArray]) -> TokenArray:
    """Return the parts as one array, and wipe the parts."""
    parts = list(parts)
    whole = (ctypes.c_int32 * sum(len(part) for part in parts))()
    at = 0
    for part in parts:
        ctypes.memmove(ctypes.byref(whole, at), part, ctypes.sizeof(part))
        at += ctypes.sizeof(part)
        wipe(part)
    return whole


def wipe(tokens: TokenArray) -> None:
    """Overwrite the ids with zeroes."""
    ctypes.memset(tokens, 0, ctypes.sizeof(tokens))


def slices(tokens: TokenArray, size: int, *, start: int = 0) -> Iterator[TokenArray]:
    """Yield views of at most `size` ids: the same memory, so that wiping the whole wipes them."""
    for at in range(start, len(tokens), size):
        yield view(tokens, at, min(size, len(tokens) - at))


def view(tokens: TokenArray, start: int, count: int) -> TokenArray:
    """Return `count` ids from `start` on, without a copy."""
    return (ctypes.c_int32 * count).from_buffer(tokens, start * ctypes.sizeof(ctypes.c_int32))


def common_prefix(first: TokenArray, second: TokenArray) -> int:
    """Return with how many equal ids both begin."""
    count = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        count += 1
    return count
