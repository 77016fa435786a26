"""Passages become claims, one by one; where the model fails the sources' own words still come."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clinical.answers.domain import Claim, Mode
from clinical.answers.statements.checking import checked_claim, quoted_claim
from clinical.answers.statements.drafting import NO_GUIDANCE, Guidance
from clinical.errors import EngineError
from clinical.evidence.domain import Passage
from clinical.inference.client import Engine
from clinical.inference.domain import PatientText

FAST_PASSAGES = 3


@dataclass(kw_only=True)
class Wording:
    """How the claims of one answer came to be, as far as it has got. The first of the engines that answers writes them."""

    engines: Sequence[Engine]
    mode: Mode
    deadline_seconds: float
    guidance: Guidance = NO_GUIDANCE
    dropped: int = 0
    model: str | None = None
    model_id: str = ""
    failure: str = ""
    _engine: Engine | None = field(default=None, init=False)

    def claims_of(self, passages: Sequence[Passage], question: PatientText) -> Iterator[Claim]:
        """Yield a claim a passage, each once it is checked."""
        give_up_at = time.monotonic() + self.deadline_seconds
        if self.mode is Mode.FAST:
            passages = passages[:FAST_PASSAGES]
        else:
            self._meet_model()
        for number, passage in enumerate(passages, start=1):
            yield self._claim(passage, number, question, give_up_at)

    def _meet_model(self) -> None:
        for engine in self.engines:
            try:
                info = engine.info()
            except EngineError as error:
                self.failure = type(error).__name__
            else:
                self._engine, self.failure = engine, ""
                # A remote server names its model, and proves no hash.
                self.model = info.sha256 or info.model_id
                self.model_id = info.model_id
                return

    def _claim(self, passage: Passage, number: int, question: PatientText, give_up_at: float) -> Claim:
        if self._engine is None or self.failure:
            return quoted_claim(passage)
        try:
            checked = checked_claim(
                self._engine,
                question=question,
                passage=passage,
                number=number,
                deadline_seconds=give_up_at - time.monotonic(),
                guidance=self.guidance,
            )
        except EngineError as error:
            self.failure = type(error).__name__
            return quoted_claim(passage)
        self.dropped += checked.was_dropped
        return checked.claim
