"""The answer as a JSON document: what the API returns, the command prints, and the receipt commits to."""

import secrets
from typing import Any

from clinical.answers.domain import Answer, Claim, Disagreement, Handout, Receipt
from clinical.answers.receipts.commitment import CURRENT, commitment_of
from clinical.calculators.charts.autofill import Computed
from clinical.evidence.checking import Check
from clinical.evidence.domain import Passage, Source
from clinical.evidence.retraction import Standing
from clinical.safety.domain import SafetyFinding
from clinical.specialties.domain import Routing
from ehr_integration.chart.domain import Fact, Finding

# What makes decision support no medical device, said so that the reader can hold us to it.
# Source: section 520(o)(1)(E) of the FD&C Act; FDA, Clinical Decision Support Software, guidance of 28 September 2022.
LIMITS = (
    "Tacit reads text and numbers of the record; it does not read images, tracings or waveforms.",
    "It shows what the record, the literature and published rules say, each with its source.",
    "It gives options to a clinician, not orders, and is not made for decisions that cannot wait to be reviewed.",
    "Check the basis yourself: every statement has a quote or a reference; what was not found is said.",
)
HANDOUT_BEFORE = (
    "Your doctor or nurse looked this up with you. It says in plain words what trusted sources say."
)
HANDOUT_NOTHING = "We found no trusted source that answers this. Ask your doctor or nurse."
HANDOUT_AFTER = (
    "This sheet cannot say what is right for you. Your doctor or nurse can.",
    "Do not start, stop or change a medicine because of this sheet. Ask first.",
    "If you feel very ill, do not wait: call the emergency number.",
)


def answer_document(answer: Answer, receipt: Receipt, *, question: str = "") -> dict[str, Any]:
    """Return the answer and its receipt; with the question it is all that proves later what was said."""
    return {
        **({"question": question} if question else {}),
        **_committed(answer),
        **receipt_document(receipt),
    }


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """Return what the reader keeps to prove later what was said."""
    return {
        "receipt_id": receipt.id,
        "receipt": {"format": CURRENT, "salt": receipt.salt, "commitment": receipt.commitment},
    }


def issue_receipt(answer: Answer, *, question: str, receipt_id: str) -> Receipt:
    """Return a receipt whose commitment covers the question and all of the answer's document.

    The salt (32 random bytes, hex) keeps a short question from being guessed from the audit record.
    """
    salt = secrets.token_bytes(32)
    document = {**_committed(answer), "receipt_id": receipt_id}
    return Receipt(id=receipt_id, salt=salt.hex(), commitment=commitment_of(document, question, salt))


def _committed(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status.value,
        "message": answer.message,
        "claims": [claim_document(claim) for claim in answer.claims],
        "facts": [fact_document(fact) for fact in answer.chart.facts] if answer.chart else [],
        "findings": [finding_document(finding) for finding in answer.chart.findings] if answer.chart else [],
        "mode": answer.mode.value,
        "specialty": routing_document(answer.routing) if answer.routing else None,
        "calculators": [score_document(score) for score in answer.scores],
        "safety": [safety_document(each) for each in answer.safety],
        "missing": list(answer.missing),
        "sources": [source_document(source) for source in answer.sources],
        "disagreements": [disagreement_document(each) for each in answer.disagreements],
        "limits": list(LIMITS),
        "handout": handout_document(answer.handout) if answer.handout else None,
        "dropped_claims": answer.dropped_claims,
        "model": answer.model,
        "prompt_version": answer.prompt_version,
    }


def claim_document(claim: Claim) -> dict[str, Any]:
    """One claim with what supports it."""
    return {
        "text": claim.text,
        "drafted_by": claim.drafted_by.value,
        "grade": claim.grade.name.lower() if claim.grade else None,
        "check": check_document(claim.check) if claim.check else None,
        "citations": [citation_document(passage) for passage in claim.citations],
        "chart_references": [fact_document(fact) for fact in claim.chart_references],
    }


def routing_document(routing: Routing) -> dict[str, Any]:
    """Return the specialty by which a question is answered, and why."""
    return {
        "name": routing.specialty.name,
        "title": routing.specialty.title,
        "version": routing.specialty.version,
        "reason": routing.reason,
        "runner_up": routing.runner_up.specialty.name if routing.runner_up else None,
        "is_override": routing.is_override,
    }


def handout_document(handout: Handout) -> dict[str, Any]:
    """Return the patient's sheet: what it is, statements with their sources, words explained, what to do with it."""
    return {
        "before": HANDOUT_BEFORE if handout.statements else HANDOUT_NOTHING,
        "statements": [
            {
                "text": each.text,
                "sources": [source_document(passage.source) for passage in each.claim.citations],
            }
            for each in handout.statements
        ],
        "words": [{"term": term, "meaning": meaning} for term, meaning in handout.words],
        "after": list(HANDOUT_AFTER),
    }


def check_document(check: Check) -> dict[str, Any]:
    """Return what the claim checker says, and why."""
    return {
        "verdict": check.verdict.value,
        "reason": check.reason.value,
        "explanation": check.reason.words,
        "confidence": round(check.confidence, 4),
    }


def score_document(score: Computed) -> dict[str, Any]:
    """Return a score with what it was computed from, or what it would need."""
    return {
        "name": score.name,
        "title": score.title,
        "value": score.value,
        "unit": score.unit,
        "text": score.text,
        "meaning": score.meaning,
        "facts": list(score.facts),
        "references": list(score.references),
        "assumed_absent": list(score.assumed),
        "missing": list(score.missing),
        "as_of": score.as_of.isoformat() if score.as_of else None,
        "source": score.source,
    }


def safety_document(finding: SafetyFinding) -> dict[str, Any]:
    """Return a finding of the safety rules with the facts behind it and what may be done."""
    return {
        "rule": finding.rule.id,
        "version": finding.rule.version,
        "kind": finding.rule.kind.value,
        "severity": finding.severity.value,
        "summary": finding.summary,
        "detail": finding.rule.detail,
        "options": list(finding.rule.options),
        "facts": [fact_document(fact) for fact in finding.facts],
        "because": list(finding.because),
        "proposed": [order.name for order in finding.proposed],
        "source": finding.rule.source,
        "url": finding.rule.url,
    }


def disagreement_document(disagreement: Disagreement) -> dict[str, Any]:
    """Return a statement with the passage that contradicts it."""
    passage = disagreement.against.passage
    return {
        "statement": disagreement.statement,
        "source": source_document(disagreement.cited.source),
        "against": citation_document(passage) if passage else None,
        "check": check_document(disagreement.against),
    }


def citation_document(passage: Passage) -> dict[str, Any]:
    """Return a source and the quote: `quote` is the source's text from `start` to `end`, in characters."""
    return {
        **source_document(passage.source),
        "context": list(passage.context),
        "quote": passage.quote,
        "start": passage.start,
        "end": passage.end,
    }


def source_document(source: Source) -> dict[str, Any]:
    """Return a source without its text."""
    return {
        "source_id": source.id,
        "kind": source.kind.value,
        "title": source.title,
        "year": source.year,
        "grade": source.grade.name.lower(),
        "pmid": source.pmid,
        "doi": source.doi,
    }


def source_text_document(source: Source, standing: Standing) -> dict[str, Any]:
    """Return a source with its text, and whether it still stands."""
    return {
        **source_document(source),
        "text": source.text,
        "journal": source.journal,
        "corpus": source.corpus,
        "retracted": source.retracted,
        "retraction": {
            "state": standing.state.value,
            "checked_on": standing.checked_on.isoformat() if standing.checked_on else None,
        },
        "has_concern": source.has_concern,
        "is_corrected": source.is_corrected,
    }


def fact_document(fact: Fact) -> dict[str, Any]:
    """Return a chart fact with its FHIR reference."""
    return {
        "category": fact.category.value,
        "text": fact.text,
        "reference": fact.reference,
        "date": fact.on.isoformat() if fact.on else None,
    }


def finding_document(finding: Finding) -> dict[str, Any]:
    """Return a data-quality finding of the chart."""
    return {"code": finding.code.value, "reference": finding.reference, "text": finding.text}
