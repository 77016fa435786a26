"""The answer as a JSON document: what the API returns, the command prints, and the receipt commits to."""

import hashlib
import json
import secrets
from typing import Any

from clinical.answers.domain import Answer, Claim, Receipt
from clinical.evidence.domain import Passage, Source
from clinical.evidence.retraction import Standing
from ehr_integration.chart.domain import Fact, Finding

RECEIPT_FORMAT = b"tacit-receipt-v1\x00"


def answer_document(answer: Answer, receipt: Receipt) -> dict[str, Any]:
    """Return the answer and its receipt."""
    return {
        **_committed(answer),
        "receipt_id": receipt.id,
        "receipt": {"salt": receipt.salt, "commitment": receipt.commitment},
    }


def issue_receipt(answer: Answer, *, question: str, receipt_id: str) -> Receipt:
    """Return a receipt whose commitment is SHA-256(format || salt || canonical JSON of question and answer).

    The salt (32 random bytes, hex) keeps a short question from being guessed from the audit record.
    """
    salt = secrets.token_bytes(32)
    content = json.dumps(
        {"question": question, "receipt_id": receipt_id, **_committed(answer)},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    commitment = hashlib.sha256(RECEIPT_FORMAT + salt + content.encode()).hexdigest()
    return Receipt(id=receipt_id, salt=salt.hex(), commitment=commitment)


def _committed(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status.value,
        "message": answer.message,
        "claims": [claim_document(claim) for claim in answer.claims],
        "facts": [fact_document(fact) for fact in answer.chart.facts] if answer.chart else [],
        "findings": [finding_document(finding) for finding in answer.chart.findings] if answer.chart else [],
        "sources": [source_document(source) for source in answer.sources],
        "dropped_claims": answer.dropped_claims,
        "model": answer.model,
        "prompt_version": answer.prompt_version,
    }


def claim_document(claim: Claim) -> dict[str, Any]:
    """One claim with what supports it."""
    return {
        "text": claim.text,
        "drafted_by": claim.drafted_by.value,
        "citations": [citation_document(passage) for passage in claim.citations],
        "chart_references": [fact_document(fact) for fact in claim.chart_references],
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
