"""The way of a question, from grant to receipt."""

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit.domain import Outcome, RecordedEvent
from audit.services import recorded_since
from clinical.answers import engines
from clinical.answers.document import answer_document
from clinical.answers.domain import (
    Audience,
    ChartRead,
    ClaimChecked,
    DraftedBy,
    EvidenceFound,
    Finished,
    Mode,
    Query,
    ReceiptIssued,
    SafetyChecked,
    ScoresComputed,
    SpecialtyChosen,
    Status,
)
from clinical.answers.services import answer_question, last_event
from clinical.errors import QuestionInvalid
from clinical.inference.domain import BedsideDraft
from compliance.access.models import Account
from compliance.errors import AccessDenied, NoCareRelationship
from ehr_integration.chart.domain import FindingCode
from ehr_integration.errors import EhrUnavailable
from tests.clinical.answers.conftest import ScriptedEngine
from tests.clinical.specialties.folders import with_model

pytestmark = pytest.mark.usefixtures("demo_ehr", "small_evidence")

QUESTION = "Should this patient be anticoagulated, and with what?"
Cast = dict[str, Account]


def recorded() -> list[RecordedEvent]:
    return list(recorded_since(datetime(2020, 1, 1, tzinfo=UTC)))


def ask(
    cast: Cast,
    engine: ScriptedEngine,
    question: str = QUESTION,
    patient: str = "af-ckd",
    mode: Mode = Mode.THOROUGH,
) -> Finished:
    return last_event(
        answer_question(
            cast["alma"].actor, Query(patient_id=patient, question=question, mode=mode), engine=engine
        )
    )


def test_what_needs_no_model_comes_first_then_claims_then_the_end(cast: Cast, engine: ScriptedEngine) -> None:
    events = list(
        answer_question(cast["alma"].actor, Query(patient_id="af-ckd", question=QUESTION), engine=engine)
    )
    kinds = [type(event) for event in events]
    assert kinds[:5] == [ChartRead, SpecialtyChosen, ScoresComputed, SafetyChecked, EvidenceFound]
    assert set(kinds[5:-2]) == {ClaimChecked}
    assert kinds[-2:] == [Finished, ReceiptIssued]


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
    written = re.sub(r"(?<=\d)\.0(?=[,}\]])", "", content)  # whole numbers stand without a fraction
    salted = b"tacit-receipt-v2\x00" + bytes.fromhex(receipt["salt"]) + written.encode()
    assert receipt["format"] == "tacit-receipt-v2"
    assert hashlib.sha256(salted).hexdigest() == receipt["commitment"]


def test_nothing_is_read_where_access_is_denied(cast: Cast, engine: ScriptedEngine) -> None:
    with pytest.raises(NoCareRelationship):
        answer_question(cast["carla"].actor, Query(patient_id="af-ckd", question=QUESTION), engine=engine)
    with pytest.raises(AccessDenied):
        answer_question(cast["ravi"].actor, Query(patient_id="af-ckd", question=QUESTION), engine=engine)
    assert [row.event.outcome for row in recorded()] == [Outcome.DENIED, Outcome.DENIED]


def test_an_invalid_question_is_refused_at_the_door(cast: Cast, engine: ScriptedEngine) -> None:
    with pytest.raises(QuestionInvalid):
        answer_question(cast["alma"].actor, Query(patient_id="af-ckd", question=" "), engine=engine)


def test_an_ehr_that_is_down_is_a_recorded_failure(
    cast: Cast, engine: ScriptedEngine, settings: object
) -> None:
    settings.FHIR_BASE_URL = "http://127.0.0.1:9/fhir"  # type: ignore[attr-defined]  # pytest-django's
    with pytest.raises(EhrUnavailable):
        ask(cast, engine)
    assert recorded()[-1].event.reason == "EhrUnavailable"
    assert recorded()[-1].event.outcome is Outcome.FAILED


def test_without_a_model_the_sources_own_words_come_and_the_record_says_why(cast: Cast) -> None:
    answer = ask(cast, ScriptedEngine(is_down=True)).answer
    assert answer.status is Status.ANSWERED
    assert {claim.drafted_by for claim in answer.claims} == {DraftedBy.CHART, DraftedBy.SOURCE}
    assert (answer.model, answer.prompt_version) == (None, None)
    assert "own words" in answer.message
    assert recorded()[-1].event.outcome is Outcome.SUCCESS
    assert recorded()[-1].event.reason == "EngineUnavailable"


def test_a_model_that_fails_in_the_middle_loses_nothing_that_came_before(
    cast: Cast, engine: ScriptedEngine
) -> None:
    engine.fails_after = 1
    answer = ask(cast, engine).answer
    drafters = [claim.drafted_by for claim in answer.claims if claim.citations]
    assert drafters.count(DraftedBy.MODEL) <= 1
    assert len(drafters) == len(ask(cast, ScriptedEngine(is_down=True)).answer.claims) - len(
        [claim for claim in answer.claims if claim.chart_references]
    )
    assert answer.model_failure == "EngineUnavailable"


def test_a_fast_answer_asks_no_model(cast: Cast) -> None:
    engine = ScriptedEngine(is_down=True)
    answer = ask(cast, engine, mode=Mode.FAST).answer
    assert answer.status is Status.ANSWERED
    assert (answer.model, answer.model_failure) == (None, "")
    assert engine.drafts == []


def test_a_statement_says_how_it_was_checked_and_how_strong_its_source_is(
    cast: Cast, engine: ScriptedEngine
) -> None:
    for claim in ask(cast, engine).answer.claims:
        if claim.citations:
            assert claim.check
            assert claim.check.is_supported
            assert claim.grade is claim.citations[0].source.grade
        else:
            assert (claim.check, claim.grade) == (None, None)


def test_scores_and_safety_come_even_where_no_evidence_is_found(cast: Cast) -> None:
    answer = ask(
        cast, ScriptedEngine(is_down=True), "Should this patient receive zorblaxumab, and with what?"
    ).answer
    assert {score.name for score in answer.scores} >= {"egfr-ckd-epi-2021", "cha2ds2-vasc"}


def test_what_the_question_names_and_the_chart_lacks_is_said(cast: Cast, engine: ScriptedEngine) -> None:
    answer = ask(cast, engine, "With this lactate, should this patient be anticoagulated?").answer
    assert "No lactate in the record" in answer.missing


def test_a_reader_that_goes_away_is_recorded_as_cancelled(cast: Cast, engine: ScriptedEngine) -> None:
    events = answer_question(cast["alma"].actor, Query(patient_id="af-ckd", question=QUESTION), engine=engine)
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


def test_a_handout_says_only_what_was_checked_and_nothing_of_the_record(
    cast: Cast, engine: ScriptedEngine
) -> None:
    query = Query(patient_id="af-ckd", question=QUESTION, audience=Audience.PATIENT)
    answer = last_event(answer_question(cast["alma"].actor, query, engine=engine)).answer
    assert answer.handout
    assert answer.handout.statements
    for statement in answer.handout.statements:
        assert statement.claim in answer.claims
        assert statement.claim.citations
    assert ("DOAC" in dict(answer.handout.words)) or ("DOACs" in dict(answer.handout.words))
    assert ask(cast, engine).answer.handout is None


def test_a_question_is_answered_by_its_specialty_and_the_record_says_which_words_it_added(
    cast: Cast, engine: ScriptedEngine
) -> None:
    answer = ask(cast, engine).answer
    assert answer.routing
    assert answer.routing.specialty.name == "cardiology"
    assert answer.prompt_version == f"restate-1+{answer.routing.specialty.prompt_version}"
    (first, *_) = engine.drafts
    assert isinstance(first, BedsideDraft)
    assert answer.routing.specialty.prompt in first.fixed[0].content
    assert first.specialty == "cardiology"


def test_the_clinician_s_specialty_wins(cast: Cast, engine: ScriptedEngine) -> None:
    query = Query(patient_id="af-ckd", question=QUESTION, specialty="nephrology")
    answer = last_event(answer_question(cast["alma"].actor, query, engine=engine)).answer
    assert answer.routing
    assert (answer.routing.specialty.name, answer.routing.is_override) == ("nephrology", True)


def test_what_the_question_proposes_is_checked_first(cast: Cast, engine: ScriptedEngine) -> None:
    answer = ask(cast, engine, "Can I give ibuprofen together with her anticoagulation?").answer
    assert answer.safety
    assert [order.name for order in answer.safety[0].proposed]


@pytest.mark.parametrize("runs", [True, False])
def test_the_specialty_s_own_model_words_the_answer_and_the_usual_one_stands_in_for_it(
    cast: Cast,
    engine: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
    runs: bool,
) -> None:
    settings.TACIT_SPECIALTIES_FOLDER = with_model("cardiology", "cardio-8b", tmp_path / "own")
    own = ScriptedEngine(engine.say, is_down=not runs, model_id="cardio-8b")
    monkeypatch.setattr(engines, "named_engine", {"cardio-8b": own}.__getitem__)
    monkeypatch.setattr(engines, "configured_engine", lambda: engine)
    query = Query(patient_id="af-ckd", question=QUESTION)
    answer = last_event(answer_question(cast["alma"].actor, query)).answer
    assert any(claim.drafted_by is DraftedBy.MODEL for claim in answer.claims)
    assert (bool(own.drafts), bool(engine.drafts)) == (runs, not runs)
    told = "asks for the model cardio-8b; the statements were worded by scripted"
    assert (told in answer.message) is not runs
    assert answer.model_failure == ""
