"""What an answer is made of, and the events in which it arrives."""

from dataclasses import dataclass
from enum import StrEnum

from clinical.evidence.domain import Passage, Source
from ehr_integration.chart.domain import Chart, Fact


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
    """One checked statement, supported by passages or by chart facts, never by neither."""

    text: str
    drafted_by: DraftedBy
    citations: tuple[Passage, ...] = ()
    chart_references: tuple[Fact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The whole answer. `message` says in words what the status means.

    `dropped_claims` counts drafted statements that their passage did not support; `model` is the SHA-256 of
    the weights that drafted (of a remote server its model's name), None when no model was needed; `chart` is None
    when it was not read.
    """

    status: Status
    message: str
    chart: Chart | None = None
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    dropped_claims: int = 0
    model: str | None = None
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
class EvidenceFound:
    """Second event: the sources that the answer will be drawn from."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class ClaimChecked:
    """One claim that held against its source; sent as soon as it did."""

    claim: Claim


@dataclass(frozen=True, kw_only=True)
class Finished:
    """Last event: the whole answer, with its receipt."""

    answer: Answer
    receipt: Receipt


AnswerEvent = ChartRead | EvidenceFound | ClaimChecked | Finished
