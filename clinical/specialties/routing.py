"""Which specialty a question is for: its own words weigh most, then who the patient is, then the chart."""

from collections.abc import Mapping, Sequence
from datetime import date

from clinical.safety.states import pregnancy
from clinical.specialties.ages import stated_age_years
from clinical.specialties.charted import facts_by_specialty
from clinical.specialties.domain import Routing, Specialty, Standing
from clinical.specialties.errors import SpecialtyUnknown
from clinical.specialties.lexicon import Lexicon, words_of
from ehr_integration.chart.domain import Chart

FALLBACK = "primary-care"
# A decisive word outweighs two strong ones of an organ's specialty, a strong one any number of facts of the chart.
DECISIVE, STRONG, MEDICINE, WEAK, IGNORED = 6.1, 3.0, 1.5, 1.0, 0.0
STATED_AGE = DECISIVE
# Of a child or in pregnancy the answer differs whatever the organ: more than a strong word and a medicine, less than two
# strong words.
WHO_THE_PATIENT_IS = 5.0
OF_A_FACT, MOST_OF_FACTS = 0.5, 2.0
# In a long question weak words gather; together they stay below a strong one.
MOST_OF_WEAK = 2.5
MOST_WORDS_QUOTED = 3


class Router:
    """Specialties with their terms, ready to be asked. Of equals the one that the question names first comes first."""

    def __init__(self, specialties: Sequence[Specialty]) -> None:
        self.specialties = {each.name: each for each in specialties}
        self._of_questions = Lexicon(_question_terms(specialties))
        self._of_charts = Lexicon(_chart_terms(specialties))

    def route(
        self, question: str, chart: Chart | None = None, *, on: date, override: str | None = None
    ) -> Routing:
        """Return the specialty of a question as of a day. Raises: SpecialtyUnknown for an override that is none."""
        standings = self._standings(question, chart, on)
        if override is not None:
            return self._overridden(override, standings)
        if standings:
            first, *others = standings
            return Routing(
                specialty=first.specialty,
                reason=f"{first.specialty.title}, because {first.because}",
                runner_up=others[0] if others else None,
            )
        return self._fallback()

    def named(self, name: str) -> Specialty:
        """Return the specialty of a name, which may be written "Primary care" as well. Raises: SpecialtyUnknown."""
        found = self.specialties.get("-".join(name.lower().replace("_", " ").replace("-", " ").split()))
        if found is None:
            raise SpecialtyUnknown(self.specialties)
        return found

    def _overridden(self, name: str, standings: Sequence[Standing]) -> Routing:
        chosen = self.named(name)
        return Routing(
            specialty=chosen,
            reason=f"{chosen.title}, because it was chosen by hand",
            runner_up=next((each for each in standings if each.specialty != chosen), None),
            is_override=True,
        )

    def _fallback(self) -> Routing:
        chosen = self.named(FALLBACK)
        reason = f"{chosen.title}, because nothing in the question or the chart speaks for another specialty"
        return Routing(specialty=chosen, reason=reason, is_fallback=True)

    def _standings(self, question: str, chart: Chart | None, on: date) -> list[Standing]:
        """Return what speaks for each specialty that anything speaks for, the strongest first."""
        said = self._said(question)
        age = stated_age_years(question)
        in_chart = (
            facts_by_specialty(chart, tuple(self.specialties.values()), self._of_charts) if chart else {}
        )
        # As `said` has them in the order of the question, equals stay in it.
        found = (
            _standing(
                each, said.get(each.name, {}), _people(each, age, chart, on), in_chart.get(each.name, 0)
            )
            for each in map(self.specialties.__getitem__, dict.fromkeys((*said, *self.specialties)))
        )
        return sorted((each for each in found if each.points), key=lambda each: -each.points)

    def _said(self, question: str) -> Mapping[str, dict[str, float]]:
        """Return for each specialty the words of the question that are terms of it, with their weights."""
        said: dict[str, dict[str, float]] = {}
        for found in self._of_questions.find(words_of(question)):
            for name, weight in found.weights.items():
                if weight:
                    said.setdefault(name, {})[found.written.lower()] = weight
        return said


def _question_terms(specialties: Sequence[Specialty]) -> list[tuple[str, str, float]]:
    # Where a specialty has a term twice, the last weight counts: the heaviest.
    return [
        (term, each.name, weight)
        for each in specialties
        for terms, weight in (
            (each.terms.ignored, IGNORED),
            (each.terms.weak, WEAK),
            (each.terms.medicines, MEDICINE),
            (each.terms.strong, STRONG),
            (each.terms.decisive, DECISIVE),
        )
        for term in terms
    ]


def _chart_terms(specialties: Sequence[Specialty]) -> list[tuple[str, str, float]]:
    """Return what a condition's or medicine's name may say: no weak words, and none about who the patient is."""
    return [
        (term, each.name, weight)
        for each in specialties
        for terms, weight in (
            (each.terms.ignored, IGNORED),
            (each.terms.medicines, MEDICINE),
            (each.terms.strong, STRONG),
        )
        for term in terms
    ]


def _people(specialty: Specialty, age: float | None, chart: Chart | None, on: date) -> tuple[float, str]:
    """Return what it counts that the specialty is for such patients, and why; an age in the question goes first."""
    limit = specialty.people.younger_than_years
    if limit is not None and age is not None:
        return (STATED_AGE, f"the question is about a patient under {limit:g}") if age < limit else (0.0, "")
    charted = chart.patient.age_years(on) if chart else None
    if limit is not None and charted is not None and charted < limit:
        return WHO_THE_PATIENT_IS, f"the patient is under {limit:g}"
    if specialty.people.are_pregnant and chart and pregnancy(chart, on):
        return WHO_THE_PATIENT_IS, "the patient is pregnant"
    return 0.0, ""


def _standing(
    specialty: Specialty, said: Mapping[str, float], people: tuple[float, str], facts: int
) -> Standing:
    of_people, who = people
    reasons = [
        *([f"the question says {_quoted(said)}"] if said else []),
        *([who] if who else []),
        *(["conditions, medicines or tests of the chart are of this field"] if facts else []),
    ]
    return Standing(
        specialty=specialty,
        points=_points(said) + of_people + min(OF_A_FACT * facts, MOST_OF_FACTS),
        because=" and ".join(reasons),
    )


def _points(said: Mapping[str, float]) -> float:
    weak = sum(weight for weight in said.values() if weight <= WEAK)
    return sum(weight for weight in said.values() if weight > WEAK) + min(weak, MOST_OF_WEAK)


def _quoted(said: Mapping[str, float]) -> str:
    heaviest = sorted(said, key=lambda words: -said[words])[:MOST_WORDS_QUOTED]
    return ", ".join(f"'{words}'" for words in heaviest)
