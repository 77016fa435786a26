"""Whether the claim checker says what annotators say: supported, contradicted, not enough, and by which sentence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from clinical.evaluation.data.claims import CONTRADICTED, NOT_ENOUGH, SUPPORTED, Abstract, Claim
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.metrics.tally import Tally
from clinical.evaluation.suites.checkers import Checked, Checker
from clinical.evaluation.suites.figures import Figures, class_figures, latency_figures, share
from clinical.evaluation.suites.rationales import (
    rationale_counts,
    rationale_f1,
    rationale_f1_interval,
)
from clinical.evaluation.suites.tracking import Track, untracked
from clinical.evidence.checking.domain import Check
from clinical.evidence.domain import Grade, Kind, Passage, Source

LABELS = (SUPPORTED, CONTRADICTED, NOT_ENOUGH)

Sentences = Mapping[str, Sequence[Passage]]


def evaluate_verification(
    claims: Sequence[Claim], abstracts: Mapping[str, Abstract], check: Checker, *, track: Track = untracked
) -> Figures:
    """Return how the checker does on the claims, each against all sentences of the documents that it cites.

    `rationale_f1` is None where the corpus does not say what its sentences are.
    """
    cited = {
        document: sentence_passages(document, abstract.title, abstract.sentences)
        for document, abstract in abstracts.items()
    }
    latency, found = Latency(), []
    for claim in track(claims, "Checking"):
        passages = [passage for document in claim.cited for passage in cited.get(document, ())]
        with latency.measured():
            found.append(check(claim.text, passages))
    are_given = all(each.is_given for each in abstracts.values())
    return {
        **_gate_figures(claims, [each.check for each in found], cited, are_given=are_given),
        **class_figures(_tally(claims, [each.leaning.verdict.value for each in found])),
        **_rationale_figures(claims, found, cited, are_given=are_given),
        **latency_figures(latency),
        "claims": len(claims),
        "documents": len(abstracts),
        "documents_missing": len(documents_of(claims) - set(abstracts)),
    }


def documents_of(claims: Sequence[Claim]) -> set[str]:
    """Return the ids of the documents that the claims cite."""
    return {document for claim in claims for document in claim.cited}


def sentence_passages(document: str, title: str, sentences: Sequence[str]) -> tuple[Passage, ...]:
    """Return each sentence of an abstract as a passage of it."""
    source = Source(
        id=document,
        kind=Kind.ARTICLE,
        title=title,
        text=" ".join(sentences),
        year=None,
        grade=Grade.OTHER,
        corpus="evaluation",
    )
    ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
    return tuple(
        Passage(source=source, start=end - 1 - len(sentence), end=end - 1)
        for sentence, end in zip(sentences, ends, strict=True)
    )


def _tally(claims: Sequence[Claim], verdicts: Sequence[str]) -> Tally:
    tally = Tally(LABELS)
    for claim, verdict in zip(claims, verdicts, strict=True):
        tally.add(claim.label, verdict, unit=claim.id)
    return tally


def _gate_figures(
    claims: Sequence[Claim], checks: Sequence[Check], cited: Sentences, *, are_given: bool
) -> Figures:
    """Return how far what the gate lets through can be trusted, and how much of it comes through."""
    tally = _tally(claims, [each.verdict.value for each in checks])
    quoted = [
        (claim, _places([each.passage], cited)) for claim, each in _decided(claims, checks) if each.passage
    ]
    return {
        "supported_precision": tally.confusion.precision(SUPPORTED),
        "supported_precision_ci": tally.interval(lambda confusion: confusion.precision(SUPPORTED)),
        "supported_recall": tally.confusion.recall(SUPPORTED),
        "supported_recall_ci": tally.interval(lambda confusion: confusion.recall(SUPPORTED)),
        "quote_precision": share(_is_marked(claim, places) for claim, places in quoted)
        if are_given
        else None,
        "at_gate": {
            "macro_f1": tally.confusion.macro_f1,
            "accuracy": tally.confusion.accuracy,
            "by_class": tally.confusion.by_class(),
            "confusion": tally.confusion.document(),
            "reasons": _reasons(checks),
        },
    }


def _decided(claims: Sequence[Claim], checks: Sequence[Check]) -> list[tuple[Claim, Check]]:
    pairs = zip(claims, checks, strict=True)
    return [(claim, each) for claim, each in pairs if each.verdict.value != NOT_ENOUGH]


def _rationale_figures(
    claims: Sequence[Claim], found: Sequence[Checked], cited: Sentences, *, are_given: bool
) -> Figures:
    if not are_given:
        return {"rationale_f1": None, "rationale_f1_ci": None, "rationale_label_f1": None}
    counts = [
        rationale_counts(claim.rationales, _places(each.leaning.sentences, cited))
        for claim, each in zip(claims, found, strict=True)
    ]
    labelled = [
        each if claim.label == checked.leaning.verdict.value else each._replace(correct=0)
        for claim, checked, each in zip(claims, found, counts, strict=True)
    ]
    return {
        "rationale_f1": rationale_f1(counts),
        "rationale_f1_ci": rationale_f1_interval(counts),
        "rationale_label_f1": rationale_f1(labelled),
    }


def _places(passages: Sequence[Passage], cited: Sentences) -> dict[str, set[int]]:
    """Return the positions of the sentences that the passages touch, by document."""
    places: dict[str, set[int]] = {}
    for passage in passages:
        sentences = enumerate(cited[passage.source.id])
        touched = {at for at, each in sentences if each.start < passage.end and passage.start < each.end}
        places.setdefault(passage.source.id, set()).update(touched)
    return places


def _is_marked(claim: Claim, places: Mapping[str, set[int]]) -> bool:
    return any(each.sentences & places.get(each.document, set()) for each in claim.rationales)


def _reasons(checks: Sequence[Check]) -> dict[str, dict[str, int]]:
    """Return how often each reason was given, by verdict."""
    counts = {
        label: Counter(check.reason.value for check in checks if check.verdict.value == label)
        for label in LABELS
    }
    return {label: dict(reasons.most_common()) for label, reasons in counts.items()}
