"""What an answer is made of, and the events in which it arrives."""

from dataclasses import dataclass
from enum import StrEnum

from clinical.calculators.charts.autofill import Computed
from clinical.evidence.checking import Check
from clinical.evidence.domain import Grade, Passage, Source
from clinical.safety.domain import SafetyFinding
from clinical.specialties.domain import Routing
from compliance.access.domain import Purpose
from ehr_integration.chart.domain import Chart, Fact


class Mode(StrEnum):
    """How much work an answer is worth.

    FAST quotes the sources' own words. THOROUGH has the model word each statement, and holds the statements against
    the other sources.
    """

    FAST = "fast"
    THOROUGH = "thorough"


class Audience(StrEnum):
    """For whom the answer is worded: the clinician alone, or with a handout for the patient, too."""

    CLINICIAN = "clinician"
    PATIENT = "patient"


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question about one patient, and how it is to be answered.

    `specialty` is the one that the clinician names, empty where it is found out; `is_guided` adds its words to the prompt.
    """

    patient_id: str
    question: str
    purpose: Purpose = Purpose.TREATMENT
    mode: Mode = Mode.THOROUGH
    audience: Audience = Audience.CLINICIAN
    specialty: str = ""
    is_guided: bool = True


class Status(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    REFUSED = "refused"


class DraftedBy(StrEnum):
    """Who put a claim into words: the local model, the source itself (verbatim), or the chart."""

    MODEL = "model"
    SOURCE = "source"
    CHART = "chart"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One checked statement, supported by passages or by chart facts, never by neither.

    `check` is the checker's word on it; None for a chart fact, which stands as the chart has it.
    """

    text: str
    drafted_by: DraftedBy
    citations: tuple[Passage, ...] = ()
    chart_references: tuple[Fact, ...] = ()
    check: Check | None = None

    @property
    def grade(self) -> Grade | None:
        """The strongest evidence behind it; None for a chart fact."""
        return min((passage.source.grade for passage in self.citations), default=None)


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """Two sources that do not say the same: a statement's, and a passage of another that contradicts it."""

    statement: str
    cited: Passage
    against: Check


@dataclass(frozen=True, kw_only=True)
class HandoutStatement:
    """A checked statement in plain words, with the claim that it says."""

    text: str
    claim: Claim


@dataclass(frozen=True, kw_only=True)
class Handout:
    """What a patient may take home: statements in plain words, and terms with their meaning; nothing of the record."""

    statements: tuple[HandoutStatement, ...]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The whole answer. `message` says in words what the status means.

    `dropped_claims` counts drafted statements that their passage did not support; `model` is the
    fingerprint of the model that drafted (of a remote server its name), None when none was needed or none answered;
    `chart` is None when it was not read. `missing` says in words what the chart lacks; `model_failure` is the kind of
    error for which the sources' own words stand alone.
    """

    status: Status
    message: str
    chart: Chart | None = None
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    mode: Mode = Mode.THOROUGH
    scores: tuple[Computed, ...] = ()
    safety: tuple[SafetyFinding, ...] = ()
    missing: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    dropped_claims: int = 0
    model: str | None = None
    model_failure: str = ""
    handout: Handout | None = None
    routing: Routing | None = None
    prompt_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the clinician can keep: with the saved answer it proves later that this is what was said.

    `commitment` is SHA-256 over salt and document (hex); the audit record holds it, and no content.
    """

    id: str
    salt: str
    commitment: str


@dataclass(frozen=True, kw_only=True)
class ChartRead:
    """First event: what the chart says."""

    chart: Chart


@dataclass(frozen=True, kw_only=True)
class SpecialtyChosen:
    """Second event: the specialty by which the question is answered, and why."""

    routing: Routing


@dataclass(frozen=True, kw_only=True)
class ScoresComputed:
    """Third event: the scores that bear on the patient, and what the chart lacks for them and for the question."""

    scores: tuple[Computed, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SafetyChecked:
    """Fourth event: what the rules say of the medicines taken and of those that the question proposes."""

    findings: tuple[SafetyFinding, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceFound:
    """Fifth event: the sources that the answer will be drawn from."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class ClaimChecked:
    """One claim that held against its source; sent as soon as it did."""

    claim: Claim


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The whole answer, with its receipt and the question that the receipt covers too."""

    answer: Answer
    receipt: Receipt
    question: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptIssued:
    """Last event: the receipt once more, alone."""

    receipt: Receipt


AnswerEvent = (
    ChartRead
    | SpecialtyChosen
    | ScoresComputed
    | SafetyChecked
    | EvidenceFound
    | ClaimChecked
    | Finished
    | ReceiptIssued
)
