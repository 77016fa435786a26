"""A question counts as right where the specialty is one of its labels."""

from clinical.evaluation.data.routed import RoutedQuestion
from clinical.evaluation.suites.specialties import evaluate_specialties
from clinical.specialties.domain import Routing, Specialty

NAMES = ("cardiology", "nephrology", "primary-care")
ROUTES = {
    "af": Routing(specialty=Specialty(name="cardiology", title="", version="1"), reason=""),
    "ckd": Routing(specialty=Specialty(name="nephrology", title="", version="1"), reason=""),
    "odd": Routing(
        specialty=Specialty(name="primary-care", title="", version="1"), reason="", is_fallback=True
    ),
}


def asked(text: str, *labels: str, half: str = "tuning") -> RoutedQuestion:
    return RoutedQuestion(text=text, labels=labels, half=half, chart=None)


def test_any_label_is_right_and_each_half_has_its_figures() -> None:
    questions = [
        asked("af", "cardiology"),
        asked("ckd", "cardiology", "nephrology"),
        asked("ckd", "cardiology", half="held-out"),
        asked("odd", "nephrology", half="held-out"),
    ]
    found = evaluate_specialties(questions, lambda question: ROUTES[question.text], NAMES)
    assert (found["accuracy"], found["fell_back"], found["questions"]) == (0.5, 0.25, 4)
    assert found["by_half"]["tuning"]["accuracy"] == 1.0
    assert found["by_half"]["held-out"] == {
        "accuracy": 0.0,
        "accuracy_ci": (0.0, 0.0),
        "fell_back": 0.5,
        "questions": 2,
    }
    assert found["confusion"]["nephrology"] == {"cardiology": 0, "nephrology": 1, "primary-care": 1}
    assert found["wrong"] == [
        {"row": 3, "labels": ("cardiology",), "routed": "nephrology"},
        {"row": 4, "labels": ("nephrology",), "routed": "primary-care"},
    ]
