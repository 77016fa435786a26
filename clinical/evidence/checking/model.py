"""The trained checker: one ONNX file and its tokenizer, loaded once a process, on the CPU."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from clinical.evidence.checking.combining import Combination, softmax
from clinical.evidence.checking.judging import WEIGHED, judgement_of, pairs_of, row_of
from clinical.evidence.checking.pairs import Pair
from clinical.evidence.checking.reader import Head, Judgement, Limits
from clinical.evidence.domain import Passage
from clinical.evidence.errors import CheckerInvalid, CheckerMissing

TRAINED = Path(__file__).parents[1] / "trained"
ONNX, TOKENIZER, SETTINGS = "checker.onnx", "tokenizer.json", "checker.json"
THREADS = 2
# Pairs that run at once; more gain nothing on two cores and hold memory.
BATCH = 16

Floats = NDArray[np.float32]


class CheckerModel:
    """Reads pairs of texts; see `Reader`."""

    def __init__(self, folder: Path = TRAINED) -> None:
        """Load the model of a folder. Raises: CheckerMissing, CheckerInvalid."""
        self._settings = _read_settings(folder)
        try:
            verdict, reported_at = self._settings["verdict"], self._settings["direction"]["reported_at"]
            self._limits = Limits(
                verdict["supported_at"], verdict["contradicted_at"], verdict["candidates"], reported_at
            )
            weights, bias = verdict["combination"]["weights"], verdict["combination"]["bias"]
            self._combination = Combination(np.array(weights), np.array(bias))
            if self._combination.weights.shape[1] != WEIGHED:
                raise CheckerInvalid(folder / SETTINGS, "weighs other signs than this version counts")
            self._tokenizer = _open_tokenizer(folder / TOKENIZER, self._settings["max_length"])
            self._session = _open_session(folder, self._settings["sha256"])
        except (KeyError, TypeError) as error:
            raise CheckerInvalid(folder / SETTINGS, f"does not hold {error}") from error
        self._heads = tuple(output.name for output in self._session.get_outputs())

    @property
    def limits(self) -> Limits:
        """The limits that its training script measured."""
        return self._limits

    def has(self, head: Head) -> bool:
        """Whether it was trained for this."""
        return head in self._heads and head in self._settings

    def judge(self, claim: str, passages: Sequence[Passage]) -> Judgement:
        """Return what one source says of a claim by these passages of it, one at least."""
        logits = self._logits(Head.VERDICT, pairs_of(claim, passages))
        return judgement_of(row_of(claim, passages, logits), logits, self._combination)

    def probabilities(self, head: Head, pairs: Sequence[Pair]) -> Sequence[Sequence[float]]:
        """Return the calibrated probabilities, shape [pairs, labels]; one pair at least."""
        logits = self._logits(head, pairs) / float(self._settings[head]["temperature"])
        rows: list[list[float]] = softmax(logits).tolist()
        return rows

    def _logits(self, head: Head, pairs: Sequence[Pair]) -> Floats:
        return np.concatenate([self._run(head, pairs[at : at + BATCH]) for at in range(0, len(pairs), BATCH)])

    def _run(self, head: Head, pairs: Sequence[Pair]) -> Floats:
        encoded = [self._tokenizer.encode(pair.first, pair.second) for pair in pairs]
        longest = max(len(each.ids) for each in encoded)
        for each in encoded:
            each.pad(longest)
        inputs = {
            "input_ids": np.array([each.ids for each in encoded], dtype=np.int64),
            "attention_mask": np.array([each.attention_mask for each in encoded], dtype=np.int64),
            "token_type_ids": np.array([each.type_ids for each in encoded], dtype=np.int64),
        }
        (logits,) = self._session.run([head.value], inputs)
        return np.asarray(logits, dtype=np.float32)


@cache
def installed_model() -> CheckerModel | None:
    """Return the packaged model, loaded on first use; None where this installation has none.

    Raises: CheckerInvalid.
    """
    try:
        return CheckerModel()
    except CheckerMissing:
        return None


def _read_settings(folder: Path) -> dict[str, Any]:
    for name in (SETTINGS, ONNX, TOKENIZER):
        if not (folder / name).is_file():
            raise CheckerMissing(folder / name)
    try:
        settings: dict[str, Any] = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    except ValueError as error:
        raise CheckerInvalid(folder / SETTINGS, "is not JSON") from error
    return settings


def _open_session(folder: Path, sha256: str) -> onnxruntime.InferenceSession:
    model = (folder / ONNX).read_bytes()
    if hashlib.sha256(model).hexdigest() != sha256:
        raise CheckerInvalid(folder / ONNX, f"has not the SHA-256 that {SETTINGS} names")
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, sess_options=options, providers=["CPUExecutionProvider"])


def _open_tokenizer(path: Path, max_length: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_length, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer
