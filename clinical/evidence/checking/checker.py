"""The claim checker of this installation: rules always, and the packaged model where it is there."""

from collections.abc import Sequence

from clinical.evidence.checking.decisions import decide_by
from clinical.evidence.checking.domain import Check, Decision, TrialResult
from clinical.evidence.checking.gate import check_claim
from clinical.evidence.checking.reader import Reader
from clinical.evidence.checking.trials.result import trial_result
from clinical.evidence.checking.trials.rules import Comparison
from clinical.evidence.domain import Passage


def check(claim: str, passages: Sequence[Passage]) -> Check:
    """Return whether the passages support the claim, with the quote and the reason.

    Passages of retracted works and of notices are not read. Without the trained model a claim is supported only
    where a passage says it in the same words. Raises: CheckerInvalid.
    """
    return check_claim(claim, passages, _installed)


def direction(*, intervention: str, comparator: str, outcome: str, text: str) -> TrialResult:
    """Return which way the outcome went under the intervention, and the sentence of `text` that says so.

    Raises: CheckerInvalid.
    """
    return trial_result(Comparison(intervention, comparator, outcome), text, _installed)


def decide(question: str, passages: Sequence[Passage]) -> Decision:
    """Return the passages' answer to a yes/no question. Raises: CheckerInvalid."""
    return decide_by(question, passages, _installed)


def _installed() -> Reader | None:
    # onnxruntime is loaded only where a claim needs the model.
    from clinical.evidence.checking.model import installed_model

    return installed_model()
