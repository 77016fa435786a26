"""The way of a question, from grant to receipt."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from audit.domain import Outcome, RecordedEvent
from audit.services import recorded_since
from clinical.answers.document import RECEIPT_FORMAT, answer_document
from clinical.answers.domain import ChartRead, ClaimChecked, DraftedBy, EvidenceFound, Finished, Status
from clinical.answers.services import answer_question, last_event
from clinical.errors import EngineUnavailable, QuestionInvalid
from compliance.access.models import Account
from compliance.errors import AccessDenied, NoCareRelationship
from ehr_integration.chart.domain import FindingCode
from ehr_integration.errors import EhrUnavailable
from tests.clinical.answers.conftest import ScriptedEngine

pytestmark = pytest.mark.usefixtures("demo_ehr", "small_evidence")

QUESTION = "Should this patient be anticoagulated, and with what?"
Cast = dict[str, Account]


def recorded() -> list[RecordedEvent]:
    return list(recorded_since(datetime(2020, 1, 1, tzinfo=UTC)))


def ask(cast: Cast, engine: ScriptedEngine, question: str = QUESTION, patient: str = "af-ckd") -> Finished:
    return last_event(
        answer_question(cast["alma"].actor, patient_id=patient, question=question, engine=engine)
    )


def test_facts_come_first_then_evidence_then_claims_then_the_end(cast: Cast, engine: ScriptedEngine) -> None:
    events = list(answer_question(cast["alma"].actor, patient_id="af-ckd", question=QUESTION, engine=engine))
    kinds = [type(event) for event in events]
    assert kinds[:2] == [ChartRead, EvidenceFound]
    assert set(kinds[2:-1]) == {ClaimChecked}
    assert kinds[-1] is Finished


def test_every_claim_is_supported_by_a_verbatim_quote_or_a_chart_fact(
    cast: Cast, engine: ScriptedEngine
) -> None:
    answer = ask(cast, engine).answer
    assert answer.status is Status.ANSWERED
    assert answer.chart
    for claim in answer.claims:
        assert claim.citations or claim.chart_references
        for passage in claim.citations:
            assert passage.source.text[passage.start : passage.end] == passage.quote
        assert set(claim.chart_references) <= set(answer.chart.facts)
    assert any("warfarin" in claim.text.casefold() for claim in answer.claims if claim.chart_references)
    assert any(passage.source.doi for claim in answer.claims for passage in claim.citations)


def test_what_the_model_invents_is_dropped_counted_and_replaced_by_the_source(
    cast: Cast, engine: ScriptedEngine
) -> None:
    answer = ask(cast, engine).answer
    by_model = [claim for claim in answer.claims if claim.drafted_by is DraftedBy.MODEL]
    by_source = [claim for claim in answer.claims if claim.drafted_by is DraftedBy.SOURCE]
    assert len(by_model) == 1
    assert answer.dropped_claims == len(by_source) >= 1
    assert "sky" not in json.dumps(answer_document(answer, ask(cast, engine).receipt))


def test_the_sources_named_are_those_cited(cast: Cast, engine: ScriptedEngine) -> None:
    answer = ask(cast, engine).answer
    cited = {passage.source.id for claim in answer.claims for passage in claim.citations}
    assert cited <= {source.id for source in answer.sources}


def test_a_topic_that_the_corpus_does_not_hold_is_not_answered_and_needs_no_model(cast: Cast) -> None:
    engine = ScriptedEngine(is_down=True)
    answer = ask(cast, engine, "Should this patient receive zorblaxumab, and with what?").answer
    assert answer.status is Status.NOT_ENOUGH_EVIDENCE
    assert answer.claims == ()
    assert "zorblaxumab" in answer.message
    assert engine.drafts == []


def test_an_image_is_refused_before_the_chart_is_read(cast: Cast, engine: ScriptedEngine) -> None:
    answer = ask(cast, engine, "Interpret this ECG please").answer
    assert (answer.status, answer.chart) == (Status.REFUSED, None)


def test_access_is_recorded_first_and_the_end_is_recorded_without_content(
    cast: Cast, engine: ScriptedEngine
) -> None:
    finished = ask(cast, engine)
    access, end = recorded()
    assert (access.event.action, access.event.outcome) == ("ask", Outcome.SUCCESS)
    assert (end.event.action, end.event.outcome, end.event.patient_id) == (
        "answer",
        Outcome.SUCCESS,
        "af-ckd",
    )
    assert end.event.detail["receipt_id"] == finished.receipt.id
    assert end.event.detail["commitment"] == finished.receipt.commitment
    assert "anticoagul" not in json.dumps([dict(row.event.detail) for row in recorded()]).replace(
        "#anticoagulation", ""
    )


def test_the_commitment_proves_question_and_answer(cast: Cast, engine: ScriptedEngine) -> None:
    finished = ask(cast, engine)
    document = answer_document(finished.answer, finished.receipt)
    receipt = document.pop("receipt")
    content = json.dumps(
        {"question": QUESTION, **document}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    salted = RECEIPT_FORMAT + bytes.fromhex(receipt["salt"]) + content.encode()
    assert hashlib.sha256(salted).hexdigest() == receipt["commitment"]


def test_nothing_is_read_where_access_is_denied(cast: Cast, engine: ScriptedEngine) -> None:
    with pytest.raises(NoCareRelationship):
        answer_question(cast["carla"].actor, patient_id="af-ckd", question=QUESTION, engine=engine)
    with pytest.raises(AccessDenied):
        answer_question(cast["ravi"].actor, patient_id="af-ckd", question=QUESTION, engine=engine)
    assert [row.event.outcome for row in recorded()] == [Outcome.DENIED, Outcome.DENIED]


def test_an_invalid_question_is_refused_at_the_door(cast: Cast, engine: ScriptedEngine) -> None:
    with pytest.raises(QuestionInvalid):
        answer_question(cast["alma"].actor, patient_id="af-ckd", question=" ", engine=engine)


def test_an_ehr_that_is_down_is_a_recorded_failure(
    cast: Cast, engine: ScriptedEngine, settings: object
) -> None:
    settings.FHIR_BASE_URL = "http://127.0.0.1:9/fhir"  # type: ignore[attr-defined]  # pytest-django's
    with pytest.raises(EhrUnavailable):
        ask(cast, engine)
    assert recorded()[-1].event.reason == "EhrUnavailable"
    assert recorded()[-1].event.outcome is Outcome.FAILED


def test_a_model_that_is_down_is_a_recorded_failure(cast: Cast) -> None:
    with pytest.raises(EngineUnavailable):
        ask(cast, ScriptedEngine(is_down=True))
    assert recorded()[-1].event.reason == "EngineUnavailable"


def test_a_reader_that_goes_away_is_recorded_as_cancelled(cast: Cast, engine: ScriptedEngine) -> None:
    events = answer_question(cast["alma"].actor, patient_id="af-ckd", question=QUESTION, engine=engine)
    next(events)
    events.close()  # type: ignore[attr-defined]  # a generator
    assert recorded()[-1].event.reason == "cancelled"


@pytest.mark.parametrize(
    "patient", ["diabetes-hf", "asthma-pregnancy", "child", "sepsis", "oncology", "non-ascii", "messy"]
)
def test_every_demo_patient_can_be_asked_about(cast: Cast, engine: ScriptedEngine, patient: str) -> None:
    answer = ask(cast, engine, patient=patient).answer
    assert answer.chart
    assert answer.chart.facts
    ordinary = {FindingCode.UNKNOWN_CODE, FindingCode.STALE}  # which a well-kept record has, too
    wrong = {finding.code for finding in answer.chart.findings} - ordinary
    assert bool(wrong) == (patient == "messy")
