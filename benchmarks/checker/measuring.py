"""The claims' combination and thresholds, fitted fold by fold, and what the gate makes of the claims with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from benchmarks.checker.folds import gate
from benchmarks.checker.reading import CONTRADICTED, NOT_ENOUGH, SUPPORTED
from benchmarks.checker.released import CANDIDATES, REPORTED_AT, Exported, FoldReader
from benchmarks.checker.verification import Judged
from clinical.evidence.checking.candidates import nearest
from clinical.evidence.checking.combining import Combination
from clinical.evidence.checking.domain import Verdict
from clinical.evidence.checking.gate import carried_by, check_claim, speaking
from clinical.evidence.checking.judging import row_of
from clinical.evidence.checking.reader import Limits

AIM = 0.90
CONTRADICTED_AIM = 0.75
PENALTY = 0.01
_PLACES = {Verdict.SUPPORTED: SUPPORTED, Verdict.CONTRADICTED: CONTRADICTED, Verdict.NOT_ENOUGH: NOT_ENOUGH}

Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Claims:
    """Per claim and abstract, in one order: the row of numbers, the label, whether a sentence passes the rules, fold."""

    judged: Sequence[Judged]
    rows: NDArray[np.float64]
    labels: NDArray[np.int64]
    carried: Chosen
    folds: NDArray[np.int64]


def gathered(judgements: Sequence[Judged], exported: Exported, fold: Mapping[str, int]) -> Claims:
    """Return what each claim and abstract come to, by the sentences that the product would read."""
    rows, carried = [], []
    for each in judgements:
        near = nearest(each.claim, each.passages, CANDIDATES)
        logits = exported.verdicts(each.claim, near)
        rows.append(row_of(each.claim, near, logits))
        supporting = speaking(near, (logits[:, SUPPORTED] - logits[:, NOT_ENOUGH]).tolist())
        carried.append(carried_by(each.claim, supporting) is not None)
    return Claims(
        judgements,
        np.array(rows),
        np.array([each.label for each in judgements]),
        np.array(carried),
        np.array([fold[each.row] for each in judgements]),
    )


def fitted(claims: Claims, chosen: Chosen) -> Combination:
    """Return the combination fitted to the chosen rows."""
    rows = claims.rows[chosen]
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=PENALTY, max_iter=5000).fit((rows - middle) / spread, claims.labels[chosen])
    weights = model.coef_ / spread
    return Combination(weights, model.intercept_ - weights @ middle)


def out_of_fold(claims: Claims) -> NDArray[np.float64]:
    """Return the probabilities [n, 3] of each row by a combination that was not fitted to its fold."""
    found = np.zeros((len(claims.labels), 3))
    for fold in np.unique(claims.folds):
        combination = fitted(claims, claims.folds != fold)
        for place in np.flatnonzero(claims.folds == fold):
            found[place] = combination.probabilities(claims.rows[place])
    return found


def limits(claims: Claims, probabilities: NDArray[np.float64], chosen: Chosen) -> Limits:
    """Return the thresholds at which the chosen claims' verdicts are as precise as is aimed for."""
    supported, contradicted, truths = [], [], []
    for places in _by_claim(claims, chosen):
        own = probabilities[places]
        supported.append(float((own[:, SUPPORTED] * claims.carried[places]).max()))
        leads = own[:, CONTRADICTED].max() >= own[:, SUPPORTED].max()
        contradicted.append(float(own[:, CONTRADICTED].max() * leads))
        truths.append(int(claims.labels[places].min()))
    return Limits(
        gate(supported, [truth == SUPPORTED for truth in truths], precision=AIM),
        gate(contradicted, [truth == CONTRADICTED for truth in truths], precision=CONTRADICTED_AIM),
        CANDIDATES,
        REPORTED_AT,
    )


def _by_claim(claims: Claims, chosen: Chosen) -> list[list[int]]:
    own: dict[str, list[int]] = {}
    for place in np.flatnonzero(chosen).tolist():
        own.setdefault(claims.judged[place].row, []).append(place)
    return list(own.values())


def verification_figures(claims: Claims, exported: Exported) -> dict[str, float]:
    """Return how the gate does on each fold's claims with the combination and the thresholds of the other folds."""
    probabilities = out_of_fold(claims)
    found, truths, likeliest = [], [], []
    for fold in np.unique(claims.folds):
        others = claims.folds != fold
        reader = FoldReader(exported, fitted(claims, others), limits(claims, probabilities, others))
        for places in _by_claim(claims, ~others):
            passages = [passage for place in places for passage in claims.judged[place].passages]
            check = check_claim(claims.judged[places[0]].claim, passages, reader.opened)
            found.append(_PLACES[check.verdict])
            truths.append(int(claims.labels[places].min()))
            tells = probabilities[places][:, NOT_ENOUGH].argmin()
            likeliest.append(int(probabilities[places][tells].argmax()))
    return _figures(np.array(found), np.array(truths), np.array(likeliest))


def _figures(
    found: NDArray[np.int64], truths: NDArray[np.int64], likeliest: NDArray[np.int64]
) -> dict[str, float]:
    def share(verdict: int, of: NDArray[np.int64]) -> float:
        return round(
            float(((found == verdict) & (truths == verdict)).sum() / max(1, (of == verdict).sum())), 4
        )

    return {
        "supported_precision": share(SUPPORTED, found),
        "supported_recall": share(SUPPORTED, truths),
        "contradicted_precision": share(CONTRADICTED, found),
        "contradicted_recall": share(CONTRADICTED, truths),
        "macro_f1_at_gate": round(float(f1_score(truths, found, average="macro")), 4),
        "macro_f1_likeliest": round(float(f1_score(truths, likeliest, average="macro")), 4),
    }


def rationale_f1(claims: Claims, exported: Exported) -> float:
    """Return the F1 of sentences, where the likeliest verdict of an abstract is not `not_enough`.

    Shown are the strongest sentence for that verdict and two more that speak so more than not.
    """
    probabilities = out_of_fold(claims)
    hit = shown = true = 0
    for place, each in enumerate(claims.judged):
        verdict = int(probabilities[place].argmax())
        picked = _picked(each, exported, verdict) if verdict != NOT_ENOUGH else set()
        hit, shown = hit + len(picked & each.rationale), shown + len(picked)
        true += len(each.rationale)
    return round(2 * hit / (shown + true), 4)


def _picked(each: Judged, exported: Exported, verdict: int) -> set[int]:
    near = nearest(each.claim, each.passages, CANDIDATES)
    logits = exported.verdicts(each.claim, near)
    spoken = speaking(near, (logits[:, verdict] - logits[:, NOT_ENOUGH]).tolist())
    return {each.passages.index(passage) for passage in spoken[:3]}
