"""The way of a question: grant, chart, evidence, drafts, checks, receipt."""

import time
from collections.abc import Iterator

from django.conf import settings

from audit.domain import Event, Outcome, new_event_id
from audit.services import append
from clinical.answers.checking import checked_claim
from clinical.answers.document import issue_receipt
from clinical.answers.domain import (
    Answer,
    AnswerEvent,
    ChartRead,
    Claim,
    ClaimChecked,
    DraftedBy,
    EvidenceFound,
    Finished,
    Receipt,
    Status,
)
from clinical.answers.drafting import PROMPT_VERSION
from clinical.answers.questions import check_question, need_of, refusal_of
from clinical.answers.relevance import context_terms, facts_that_bear
from clinical.evidence.domain import Findings
from clinical.evidence.services import search_evidence
from clinical.inference.client import Engine
from clinical.inference.domain import PatientText
from clinical.inference.services import configured_engine
from compliance.access.domain import AccessGrant, Action, Actor, Purpose
from compliance.access.services import authorize
from ehr_integration.chart.domain import Chart
from ehr_integration.chart.services import read_chart
from ehr_integration.fhir.origin import FhirEndpoint


def answer_question(
    actor: Actor,
    *,
    patient_id: str,
    question: str,
    purpose: Purpose = Purpose.TREATMENT,
    engine: Engine | None = None,
    endpoint: FhirEndpoint | None = None,
) -> Iterator[AnswerEvent]:
    """Yield the answer as it comes: chart, evidence, each claim once it is checked, then the whole.

    The endpoint is that of the EHR which launched us, else the one of the settings.
    The question is validated and access decided and recorded before this returns. Closing the iterator
    cancels the rest. Raises: QuestionInvalid, ComplianceError, AuditUnavailable at once; EhrError,
    EvidenceError, EngineError while iterating.
    """
    text = check_question(question)
    grant = authorize(actor, patient_id=patient_id, purpose=purpose, action=Action.ASK)
    return _recorded(grant, text, _answer(grant, text, engine or configured_engine(), endpoint))


def last_event(events: Iterator[AnswerEvent]) -> Finished:
    """Run a question to its end and return the last event, which holds the whole answer."""
    for event in events:
        if isinstance(event, Finished):
            return event
    raise AssertionError("an answer's events end with Finished")


def _recorded(
    grant: AccessGrant, question: str, events: Iterator[AnswerEvent | Answer]
) -> Iterator[AnswerEvent]:
    """Pass the events on; record how it ended before the last one leaves."""
    finished = None
    try:
        for event in events:
            if isinstance(event, Answer):
                receipt = issue_receipt(event, question=question, receipt_id=str(new_event_id()))
                _record_answer(grant, event, receipt)
                finished = Finished(answer=event, receipt=receipt)
            else:
                yield event
    except GeneratorExit:
        _record_failure(grant, "cancelled")
        raise
    except Exception as error:
        _record_failure(grant, type(error).__name__)
        raise
    if finished is not None:
        yield finished


def _answer(
    grant: AccessGrant, question: str, engine: Engine, endpoint: FhirEndpoint | None
) -> Iterator[AnswerEvent | Answer]:
    if refusal := refusal_of(question):
        yield Answer(status=Status.REFUSED, message=refusal)
        return
    chart = read_chart(grant, need=need_of(question), endpoint=endpoint)
    yield ChartRead(chart=chart)
    found = search_evidence(question, context_terms=context_terms(chart))
    yield EvidenceFound(sources=found.sources)
    if not found.is_enough:
        yield Answer(status=Status.NOT_ENOUGH_EVIDENCE, message=_nothing_found(found), chart=chart)
        return
    yield from _supported_answer(question, chart, found, engine)


def _supported_answer(
    question: str, chart: Chart, found: Findings, engine: Engine
) -> Iterator[AnswerEvent | Answer]:
    claims: list[Claim] = []
    dropped = 0
    model = engine.info()
    give_up_at = time.monotonic() + settings.TACIT_ENGINE_DEADLINE_SECONDS
    for claim in _chart_claims(chart, found):
        claims.append(claim)
        yield ClaimChecked(claim=claim)
    for number, passage in enumerate(found.passages, start=1):
        checked = checked_claim(
            engine,
            question=PatientText(question),
            passage=passage,
            number=number,
            deadline_seconds=give_up_at - time.monotonic(),
        )
        dropped += checked.was_dropped
        claims.append(checked.claim)
        yield ClaimChecked(claim=checked.claim)
    yield Answer(
        status=Status.ANSWERED,
        message="Options from the sources below, not orders: read them in the light of this patient.",
        chart=chart,
        sources=found.sources,
        claims=tuple(claims),
        dropped_claims=dropped,
        # A remote server names its model, and proves no hash.
        model=model.sha256 or model.model_id,
        prompt_version=PROMPT_VERSION,
    )


def _chart_claims(chart: Chart, found: Findings) -> Iterator[Claim]:
    for fact in facts_that_bear(chart, found.passages):
        yield Claim(text=fact.text, drafted_by=DraftedBy.CHART, chart_references=(fact,))


def _nothing_found(found: Findings) -> str:
    message = (
        "Not enough evidence: the loaded guidelines and literature hold nothing that covers this question."
    )
    if found.unmatched:
        message += f" No passage covers: {', '.join(found.unmatched)}."
    return message


def _record_answer(grant: AccessGrant, answer: Answer, receipt: Receipt) -> None:
    detail: dict[str, object] = {
        "answer_status": answer.status.value,
        "receipt_id": receipt.id,
        "commitment": receipt.commitment,
        "claims": len(answer.claims),
        "dropped_claims": answer.dropped_claims,
        "source_ids": sorted({passage.source.id for claim in answer.claims for passage in claim.citations}),
        "model": answer.model,
        "prompt_version": answer.prompt_version,
    }
    append(_outcome(grant, Outcome.SUCCESS, detail=detail))


def _record_failure(grant: AccessGrant, reason: str) -> None:
    append(_outcome(grant, Outcome.FAILED, reason=reason))


def _outcome(
    grant: AccessGrant, outcome: Outcome, *, reason: str = "", detail: dict[str, object] | None = None
) -> Event:
    return Event(
        action="answer",
        outcome=outcome,
        actor=grant.actor.username,
        role=grant.actor.role,
        patient_id=grant.patient_id,
        purpose=grant.purpose,
        reason=reason,
        detail=detail or {},
    )
