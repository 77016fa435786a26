"""Signed-in browsers without a browser, and scripted evidence and answers where the page alone is under test."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from clinical.answers.document import issue_receipt
from clinical.answers.domain import (
    Answer,
    AnswerEvent,
    ChartRead,
    Claim,
    ClaimChecked,
    Disagreement,
    DraftedBy,
    EvidenceFound,
    Finished,
    ReceiptIssued,
    SafetyChecked,
    ScoresComputed,
    SpecialtyChosen,
    Status,
)
from clinical.calculators.charts.autofill import Computed
from clinical.evidence.checking import Check, Reason, Verdict
from clinical.evidence.domain import Grade, Kind, Passage, Source
from clinical.safety.domain import SafetyFinding
from clinical.safety.rules import rules
from clinical.specialties.domain import Routing
from clinical.specialties.services import specialty_named
from compliance.access.models import Account
from ehr_integration.chart.domain import Category, Chart, Fact, Finding, FindingCode, Patient

TEXT = "Background: <b>strokes</b> happen.\nApixaban is recommended over warfarin. It bleeds less.\n"
SOURCE = Source(
    id="doi:10.1000/af#anticoagulation",
    kind=Kind.GUIDELINE,
    title="Atrial fibrillation & anticoagulation",
    text=TEXT,
    year=2023,
    grade=Grade.GUIDELINE,
    doi="10.1000/af",
)
QUOTE = "Apixaban is recommended over warfarin."
START = TEXT.index(QUOTE)
PASSAGE = Passage(source=SOURCE, start=START, end=START + len(QUOTE), context=("Oral anticoagulation",))
FACT = Fact(category=Category.LABORATORY, text="Potassium 4.9 mmol/L", reference="Observation/k", on=None)
CHART = Chart(
    patient=Patient(id="af-ckd", name="A", sex="female", birth_date=None),
    facts=(FACT,),
    findings=(
        Finding(code=FindingCode.MISSING_UNIT, reference="Observation/k", text="The unit is missing."),
    ),
)
SCORE = Computed(
    name="cha2ds2-vasc",
    title="CHA₂DS₂-VASc",
    value=4.0,
    unit="",
    text="CHA₂DS₂-VASc 4 of 9",
    facts=("76 years", "female"),
    source="https://doi.org/10.1378/chest.09-1584",
    assumed=("diabetes mellitus",),
)
MISSING = ("No potassium since 14 months: the last was 4.1 mmol/L on 2025-09-27",)
RULE = next(rule for rule in rules() if rule.id == "interaction-warfarin-nsaid")
SAFETY = SafetyFinding(
    rule=RULE, severity=RULE.severity, summary="Warfarin with naproxen: more bleeding", facts=(FACT,)
)
AGAINST = Check(
    verdict=Verdict.CONTRADICTED,
    passage=PASSAGE,
    quote=QUOTE,
    reason=Reason.SAYS_OTHERWISE,
    confidence=0.9,
)
DISAGREEMENT = Disagreement(statement="Warfarin over apixaban", cited=PASSAGE, against=AGAINST)
ROUTING = Routing(specialty=specialty_named("cardiology"), reason="because the question says 'AF'")
CLAIMS = (
    Claim(text=FACT.text, drafted_by=DraftedBy.CHART, chart_references=(FACT,)),
    Claim(text="Apixaban over warfarin", drafted_by=DraftedBy.MODEL, citations=(PASSAGE,)),
)


def answer_events() -> Iterator[AnswerEvent]:
    """An answer as it comes."""
    answer = Answer(
        status=Status.ANSWERED,
        message="Options, not orders.",
        chart=CHART,
        routing=ROUTING,
        scores=(SCORE,),
        missing=MISSING,
        safety=(SAFETY,),
        disagreements=(DISAGREEMENT,),
        sources=(SOURCE,),
        claims=CLAIMS,
        dropped_claims=1,
        model="ab" * 32,
        prompt_version="1",
    )
    yield ChartRead(chart=CHART)
    yield SpecialtyChosen(routing=ROUTING)
    yield ScoresComputed(scores=(SCORE,), missing=MISSING)
    yield SafetyChecked(findings=(SAFETY,))
    yield EvidenceFound(sources=(SOURCE,))
    yield from (ClaimChecked(claim=claim) for claim in CLAIMS)
    receipt = issue_receipt(answer, question="q", receipt_id="receipt-1")
    yield Finished(answer=answer, receipt=receipt, question="q")
    yield ReceiptIssued(receipt=receipt)


@pytest.fixture
def sign_in(cast: dict[str, Account], client: Client) -> Callable[[str], Client]:
    """The test client, signed in as one of the cast."""

    def as_account(username: str) -> Client:
        client.force_login(cast[username])
        return client

    return as_account
