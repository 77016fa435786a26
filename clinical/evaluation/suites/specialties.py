"""Whether a question comes to a specialty that its writer holds to be right."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from clinical.evaluation.data.routed import RoutedQuestion
from clinical.evaluation.metrics.bootstrap import mean_interval
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.metrics.tally import Tally
from clinical.evaluation.suites.figures import Figures, class_figures, latency_figures, share
from clinical.evaluation.suites.tracking import Track, untracked
from clinical.specialties.domain import Routing

Route = Callable[[RoutedQuestion], Routing]


@dataclass
class _Half:
    """What became of the questions of one half."""

    is_right: list[bool] = field(default_factory=list)
    fell_back: list[bool] = field(default_factory=list)

    def figures(self) -> Figures:
        return {
            "accuracy": share(self.is_right),
            "accuracy_ci": mean_interval(list(map(float, self.is_right))),
            "fell_back": share(self.fell_back),
            "questions": len(self.is_right),
        }


def evaluate_specialties(
    questions: Sequence[RoutedQuestion], route: Route, names: Sequence[str], *, track: Track = untracked
) -> Figures:
    """Return how often the specialty is one of the labels, for all questions and for each half.

    A question whose answer is among its labels counts in the class of that answer, else in that of its first label.
    """
    latency, tally, halves = Latency(), Tally(tuple(names)), defaultdict[str, _Half](_Half)
    wrong = []
    for number, question in enumerate(track(questions, "Routing"), start=1):
        with latency.measured():
            routing = route(question)
        found = routing.specialty.name
        is_right = found in question.labels
        tally.add(found if is_right else question.labels[0], found, unit=number)
        halves[question.half].is_right.append(is_right)
        halves[question.half].fell_back.append(routing.is_fallback)
        if not is_right:
            wrong.append({"row": number, "labels": question.labels, "routed": found})
    return {
        **class_figures(tally),
        "fell_back": share(each for half in halves.values() for each in half.fell_back),
        "by_half": {name: half.figures() for name, half in halves.items()},
        "wrong": wrong,
        **latency_figures(latency),
        "questions": len(questions),
    }
