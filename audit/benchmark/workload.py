"""The events of a busy hospital: invented, of some hundred patients, the same for the same seed."""

import hashlib
import random
from collections.abc import Iterator
from typing import Any

from audit.domain import Event, Outcome

PATIENTS = 400
CLINICIANS = 60
MODEL = hashlib.sha256(b"an invented model").hexdigest()


def events(seed: int) -> Iterator[Event]:
    """Yield events without end."""
    chance = random.Random(seed)  # noqa: S311 - a load, not a secret
    while True:
        yield from _act(chance)


def patient(number: int) -> str:
    """Return a patient's FHIR id."""
    return f"patient-{number:05d}"


def _act(chance: random.Random) -> list[Event]:
    """Return the events of one act."""
    who: dict[str, Any] = {
        "actor": f"clinician-{chance.randrange(CLINICIANS):03d}",
        "role": "clinician",
        "patient_id": patient(min(int(chance.expovariate(6 / PATIENTS)), PATIENTS - 1)),
        "purpose": "TREAT",
    }
    kind = chance.random()
    if kind < 0.05:
        return [Event(action="sign-in", outcome=Outcome.SUCCESS, actor=who["actor"], role="clinician")]
    if kind < 0.1:
        return [
            Event(action="read-record", outcome=Outcome.DENIED, reason="no-care-relationship", **who),
        ]
    if kind < 0.4:
        return [Event(action="ask", outcome=Outcome.SUCCESS, **who), _answer(chance, who)]
    return [Event(action="read-record", outcome=Outcome.SUCCESS, **who)]


def _answer(chance: random.Random, who: dict[str, Any]) -> Event:
    digest = hashlib.sha256(chance.randbytes(32)).hexdigest()
    detail = {
        "answer_status": "answered",
        "claims": chance.randrange(1, 6),
        "dropped_claims": chance.randrange(3),
        "commitment": digest,
        "model": MODEL,
        "prompt_version": "2026-10",
        "receipt_id": digest[:32],
        "source_ids": [f"pubmed:{chance.randrange(10**7, 4 * 10**7)}" for _ in range(3)],
    }
    return Event(action="answer", outcome=Outcome.SUCCESS, detail=detail, **who)
