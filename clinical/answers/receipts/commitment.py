"""What a receipt commits to: question and answer, written in one way whatever file they came from."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

CURRENT = "tacit-receipt-v2"
# What proves, and what is proved beside the answer.
NOT_OF_THE_ANSWER = frozenset({"receipt", "question"})


def commitment_of(
    document: Mapping[str, Any], question: str, salt: bytes, *, receipt_format: str = CURRENT
) -> str:
    """Return SHA-256(format || 0 || salt || canonical JSON of question and answer), hex.

    Everything in the document counts but `receipt` and `question`. Canonical: keys sorted, no space, UTF-8.
    """
    answer = {key: value for key, value in document.items() if key not in NOT_OF_THE_ANSWER}
    content = json.loads(json.dumps({**answer, "question": question}), parse_float=FORMATS[receipt_format])
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # A file may hold half a surrogate pair, which no answer does; it is hashed like anything else.
    return hashlib.sha256(
        receipt_format.encode() + b"\x00" + salt + written.encode("utf-8", "surrogatepass")
    ).hexdigest()


def _whole_without_fraction(digits: str) -> float | int:
    """Return 4 for 4.0: JavaScript, and what is written in it, saves them alike."""
    number = float(digits)
    return int(number) if number.is_integer() else number


# How each format writes a number that has a fraction. Version 1 wrote 4.0 as Python does, so that a file that
# JavaScript had saved did not verify.
FORMATS: dict[str, Callable[[str], float | int]] = {
    "tacit-receipt-v1": float,
    CURRENT: _whole_without_fraction,
}
