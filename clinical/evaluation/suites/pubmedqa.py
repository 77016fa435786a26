"""Whether yes/no questions are answered right from what the search finds among abstracts without conclusions."""

from collections.abc import Callable, Sequence

from clinical.evaluation.data.questions import ANSWERS, Question
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.metrics.tally import Tally
from clinical.evaluation.suites.figures import Figures, class_figures, latency_figures, majority, share
from clinical.evaluation.suites.tracking import Track, untracked
from clinical.evidence.checking.domain import Decision
from clinical.evidence.domain import Grade, Kind, Passage, Source
from clinical.evidence.passages import split_passages

# How many abstracts are asked for, to say whether the question's own is among them.
RETRIEVED = 5

# A question, to the abstracts found for it, best first.
Retrieve = Callable[[Question], Sequence[Source]]
Decide = Callable[[str, Sequence[Passage]], Decision]


def evaluate_pubmedqa(
    questions: Sequence[Question],
    retrieve: Retrieve,
    decide: Decide,
    *,
    read_sources: int = 1,
    track: Track = untracked,
) -> Figures:
    """Return how often the answer is right, and how often the question's own abstract was found.

    The passages of the first `read_sources` abstracts decide.
    """
    latency, tally, ranks = Latency(), Tally(ANSWERS), []
    for question in track(questions, "Answering"):
        with latency.measured():
            sources = retrieve(question)
            passages = [passage for source in sources[:read_sources] for passage in split_passages(source)]
            decision = decide(question.text, passages)
        tally.add(question.answer, decision.answer.value, unit=question.id)
        ranks.append([source.id for source in sources])
    own = [source_id(question) for question in questions]
    figures = class_figures(tally)
    return {
        "accuracy": figures.pop("accuracy"),
        "accuracy_ci": figures.pop("accuracy_ci"),
        **figures,
        "majority": majority(tally.confusion),
        "retrieved_own_abstract_at_1": share(each in rank[:1] for each, rank in zip(own, ranks, strict=True)),
        "retrieved_own_abstract_at_5": share(
            each in rank[:RETRIEVED] for each, rank in zip(own, ranks, strict=True)
        ),
        **latency_figures(latency),
        "questions": len(questions),
    }


def source_id(question: Question) -> str:
    """Return the id of the question's abstract."""
    return f"pmid:{question.id}"


def source_of(question: Question) -> Source:
    """Return the question's abstract as a source.

    It has no title: an article's title is often the question, and would find it by itself.
    """
    return Source(
        id=source_id(question),
        kind=Kind.ARTICLE,
        title="",
        text="\n".join(f"{label}: {text}" if label else text for label, text in question.sections),
        year=None,
        grade=Grade.OTHER,
        corpus="pubmedqa",
    )
