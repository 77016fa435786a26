"""Reads a saved answer: strict JSON, because a file that two readers read differently proves nothing."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from clinical.answers.receipts.commitment import FORMATS
from clinical.answers.receipts.domain import Outcome, SavedAnswer, Verification

FIRST_FORMAT = "tacit-receipt-v1"  # its receipts do not name it
FAMILY = "tacit-receipt-"
DEEPEST = 32
HEX_32_BYTES = re.compile(r"[0-9a-f]{64}")
RECEIPT_KEYS = {"format", "salt", "commitment"}

NOT_A_RECEIPT = Verification(
    outcome=Outcome.NOT_A_RECEIPT,
    message="This is no saved answer with its receipt: give the whole JSON document of the answer, each key once, "
    "with `receipt_id` and `receipt`.",
)
UNKNOWN_VERSION = Verification(
    outcome=Outcome.UNKNOWN_VERSION,
    message=f"The receipt is of a version that this installation does not know (it knows {', '.join(FORMATS)}): "
    "verify it with the release that gave it, or a newer one.",
)
QUESTION_MISSING = Verification(
    outcome=Outcome.QUESTION_MISSING,
    message="The receipt covers the question too, and the file does not hold it: give the question as it was asked.",
)


def document_in(text: bytes) -> object:
    """Return the JSON value; None where it is none, or where a key stands twice in an object."""
    try:
        document = json.loads(text, object_pairs_hook=_each_once, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return document if _is_flat_enough(document) else None


def saved_answer(document: object, *, question: str) -> SavedAnswer | Verification:
    """Return what can be verified, else why nothing can. The question given comes before that of the file."""
    if not isinstance(document, dict) or not isinstance(receipt := document.get("receipt"), dict):
        return NOT_A_RECEIPT
    receipt_format = receipt.get("format", FIRST_FORMAT)
    if not isinstance(receipt_format, str) or not receipt_format.startswith(FAMILY):
        return NOT_A_RECEIPT
    if receipt_format not in FORMATS:
        return UNKNOWN_VERSION
    receipt_id = _receipt_id(document.get("receipt_id"))
    if receipt_id is None or not _is_whole(receipt):
        return NOT_A_RECEIPT
    asked = question.strip() or question_in(document)
    if not asked:
        return QUESTION_MISSING
    return SavedAnswer(
        document=document,
        question=asked,
        receipt_id=receipt_id,
        receipt_format=receipt_format,
        salt=bytes.fromhex(receipt["salt"]),
        commitment=receipt["commitment"],
    )


def question_in(document: dict[str, Any]) -> str:
    """Return the question that stands in the file, without surrounding space; empty where none does."""
    question = document.get("question")
    return question.strip() if isinstance(question, str) else ""


def _is_whole(receipt: dict[str, Any]) -> bool:
    """Whether salt and commitment are there, and nothing else that nothing would prove."""
    return set(receipt) <= RECEIPT_KEYS and all(
        isinstance(receipt.get(key), str) and HEX_32_BYTES.fullmatch(receipt[key])
        for key in ("salt", "commitment")
    )


def _receipt_id(value: object) -> UUID | None:
    try:
        receipt_id = UUID(str(value))
    except ValueError:
        return None
    return receipt_id if str(receipt_id) == value and receipt_id.version == 7 else None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object. Raises: ValueError for a key that stands twice: people would read the other value."""
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("a key stands twice")
    return document


def _refused(_: str) -> None:
    raise ValueError("JSON knows no NaN and no infinity")


def _is_flat_enough(document: object) -> bool:
    """Whether nothing lies deeper than any answer does; what follows may then recurse."""
    level = [document]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
    return not level


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
