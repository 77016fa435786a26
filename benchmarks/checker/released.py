"""The exported file, read as the product reads it, with the combination and the limits of one fold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from benchmarks.checker.network import Encoding, batch_of, by_length, prepare
from benchmarks.checker.reading import LABELS
from clinical.evidence.checking.combining import Combination, softmax
from clinical.evidence.checking.judging import judgement_of, pairs_of, row_of
from clinical.evidence.checking.pairs import Pair
from clinical.evidence.checking.reader import Head, Judgement, Limits
from clinical.evidence.domain import Passage

Floats = NDArray[np.float32]
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
BATCH = 32
CANDIDATES = 8
REPORTED_AT = 0.5


class Exported:
    """Runs checker.onnx, and remembers what it said of a pair."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        """Open the file."""
        self._session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        self._encoding = encoding
        self._said: dict[Pair, dict[str, Floats]] = {}

    def logits(self, task: str, pairs: Sequence[Pair]) -> Floats:
        """Return one task's logits [n, labels]."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._said]
        prepared = prepare(self._encoding, new)
        for chunk in by_length(prepared, BATCH):
            batch = batch_of([prepared[place] for place in chunk])
            found = self._session.run(list(LABELS), {name: batch[name].numpy() for name in INPUTS})
            for row, place in enumerate(chunk):
                self._said[new[place]] = {name: rows[row] for name, rows in zip(LABELS, found, strict=True)}
        return np.stack([self._said[pair][task] for pair in pairs])

    def verdicts(self, claim: str, passages: Sequence[Passage]) -> Floats:
        """Return the logits [n, 3] of the claim beside each sentence."""
        return self.logits("verdict", pairs_of(claim, passages))


@dataclass(frozen=True)
class FoldReader:
    """A `Reader` whose combination and limits were fitted to other claims than it is asked about."""

    exported: Exported
    combination: Combination | None = None
    limits: Limits = field(default=Limits(1.0, 1.0, CANDIDATES, REPORTED_AT))

    def opened(self) -> Self:
        """Return the reader itself, where the product would load one."""
        return self

    def has(self, head: Head) -> bool:
        """Return True: the file has all heads."""
        return head.value in LABELS

    def judge(self, claim: str, passages: Sequence[Passage]) -> Judgement:
        """Return what one source says of a claim."""
        if self.combination is None:
            raise ValueError("a reader of claims needs a combination")
        logits = self.exported.verdicts(claim, passages)
        return judgement_of(row_of(claim, passages, logits), logits, self.combination)

    def probabilities(self, head: Head, pairs: Sequence[Pair]) -> Sequence[Sequence[float]]:
        """Return one row of probabilities a pair."""
        rows: list[list[float]] = softmax(self.exported.logits(head.value, pairs)).tolist()
        return rows
