"""The door to an answer: access is decided and recorded before it begins, and how it ended before it leaves."""

from collections.abc import Iterator
from dataclasses import replace

from audit.domain import Event, Outcome, new_event_id
from audit.services import append
from clinical.answers.answering import answering
from clinical.answers.asking.questions import check_question
from clinical.answers.document import issue_receipt
from clinical.answers.domain import Answer, AnswerEvent, Finished, Query, Receipt, ReceiptIssued
from clinical.inference.client import Engine
from compliance.access.domain import AccessGrant, Action, Actor
from compliance.access.services import authorize
from ehr_integration.fhir.origin import FhirEndpoint


def answer_question(
    actor: Actor, query: Query, *, engine: Engine | None = None, endpoint: FhirEndpoint | None = None
) -> Iterator[AnswerEvent]:
    """Yield the answer as it comes: chart, scores, safety, evidence, each claim once it is checked, then the whole.

    The engine is the one named, else that of the specialty's model; the endpoint that of the EHR which launched us, else
    the one of the settings.
    The question is validated and access decided and recorded before this returns. Closing the iterator
    cancels the rest. Raises: QuestionInvalid, ComplianceError, AuditUnavailable at once; EhrError,
    EvidenceError while iterating.
    """
    checked = replace(query, question=check_question(query.question))
    grant = authorize(actor, patient_id=query.patient_id, purpose=query.purpose, action=Action.ASK)
    events = answering(grant, checked, engine=engine, endpoint=endpoint)
    return _recorded(grant, checked.question, events)


def last_event(events: Iterator[AnswerEvent]) -> Finished:
    """Run a question to its end and return the last event, which holds the whole answer."""
    for event in events:
        if isinstance(event, Finished):
            return event
    raise AssertionError("an answer's events hold Finished")


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
                finished = Finished(answer=event, receipt=receipt, question=question)
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
        yield ReceiptIssued(receipt=finished.receipt)


def _record_answer(grant: AccessGrant, answer: Answer, receipt: Receipt) -> None:
    detail: dict[str, object] = {
        "answer_status": answer.status.value,
        "receipt_id": receipt.id,
        "commitment": receipt.commitment,
        "claims": len(answer.claims),
        "dropped_claims": answer.dropped_claims,
        "rules": sorted({finding.rule.id for finding in answer.safety}),
        "source_ids": sorted({passage.source.id for claim in answer.claims for passage in claim.citations}),
        "model": answer.model,
        "prompt_version": answer.prompt_version,
    }
    # A model that failed is told here: the answer came, but not with its words.
    append(_outcome(grant, Outcome.SUCCESS, reason=answer.model_failure, detail=detail))


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
