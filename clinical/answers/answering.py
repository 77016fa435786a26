"""A question that was granted becomes an answer, part by part: what is known without a model comes first."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from django.conf import settings
from django.utils.timezone import localdate

from clinical.answers.asking.questions import need_of
from clinical.answers.asking.record import NO_SUCH_FACT, facts_asked_for, is_about_record
from clinical.answers.asking.refusals import refusal_of
from clinical.answers.charted.absences import absences
from clinical.answers.charted.notes import without_orders
from clinical.answers.domain import (
    Answer,
    AnswerEvent,
    Audience,
    ChartRead,
    Claim,
    ClaimChecked,
    DraftedBy,
    EvidenceFound,
    Mode,
    Query,
    SafetyChecked,
    ScoresComputed,
    SpecialtyChosen,
    Status,
)
from clinical.answers.engines import engines_of
from clinical.answers.plain.handout import handout_of
from clinical.answers.statements.claims import Wording
from clinical.answers.statements.disagreement import disagreements
from clinical.answers.statements.drafting import NO_GUIDANCE, PROMPT_VERSION, Guidance
from clinical.answers.statements.relevance import MOST_CHART_CLAIMS, context_terms, facts_that_bear
from clinical.calculators.charts.autofill import computed
from clinical.evidence.domain import Findings
from clinical.evidence.services import search_evidence
from clinical.inference.client import Engine
from clinical.inference.domain import PatientText
from clinical.safety.checking import emphasised, findings
from clinical.safety.proposals import proposed_in
from clinical.specialties.domain import Routing
from clinical.specialties.services import route
from compliance.access.domain import AccessGrant
from ehr_integration.chart.domain import Chart, Fact
from ehr_integration.chart.services import read_chart
from ehr_integration.fhir.origin import FhirEndpoint

OPTIONS = "Options from the sources below, not orders: read them in the light of this patient."
FROM_RECORD = "From the record alone: what was read of it says this."
NO_WORDING = " The model gave no wording: every statement stands in its source's own words."


def answering(
    grant: AccessGrant, query: Query, *, engine: Engine | None, endpoint: FhirEndpoint | None
) -> Iterator[AnswerEvent | Answer]:
    """Yield chart, scores, safety, evidence and each claim, then the whole answer.

    Raises: EhrError, EvidenceError. A model that fails is no error: the sources' own words come.
    """
    if refusal := refusal_of(query.question):
        yield Answer(status=Status.REFUSED, message=refusal.reason, mode=query.mode)
        return
    chart = without_orders(read_chart(grant, need=need_of(query.question), endpoint=endpoint))
    yield ChartRead(chart=chart)
    routing = route(query.question, chart, override=query.specialty or None)
    yield SpecialtyChosen(routing=routing)
    known = yield from _without_evidence(chart, query, routing)
    if is_about_record(query.question):
        yield from _from_record(known, query)
        return
    found = search_evidence(
        query.question, context_terms=context_terms(chart), preferred=routing.specialty.corpus
    )
    yield EvidenceFound(sources=found.sources)
    if found.is_enough:
        engines = (engine,) if engine else engines_of(routing.specialty)
        yield from _supported(replace(known, sources=found.sources), query, found, engines)
    else:
        yield _for_audience(replace(known, message=_nothing_found(found)), query)


def _without_evidence(chart: Chart, query: Query, routing: Routing) -> Generator[AnswerEvent, None, Answer]:
    """Yield what needs neither evidence nor a model; return the answer so far."""
    today = localdate()
    scores = computed(chart, on=today, also=routing.specialty.calculators)
    missing = absences(chart, query.question, scores, on=today)
    yield ScoresComputed(scores=scores, missing=missing)
    proposed = proposed_in(query.question)
    found = findings(chart, scores=scores, proposed=proposed, on=today, also_taken=True)
    safety = emphasised(found, routing.specialty.safety)
    yield SafetyChecked(findings=safety)
    return Answer(
        status=Status.NOT_ENOUGH_EVIDENCE,
        message="",
        chart=chart,
        mode=query.mode,
        routing=routing,
        scores=scores,
        missing=missing,
        safety=safety,
    )


def _from_record(known: Answer, query: Query) -> Iterator[AnswerEvent | Answer]:
    """Yield what the chart itself says, and nothing from the literature."""
    facts = facts_asked_for(known.chart, query.question) if known.chart else ()
    claims = tuple(_charted(fact) for fact in facts[:MOST_CHART_CLAIMS])
    yield from (ClaimChecked(claim=claim) for claim in claims)
    status, message = (Status.ANSWERED, FROM_RECORD) if claims else (known.status, NO_SUCH_FACT)
    yield _for_audience(replace(known, status=status, message=message, claims=claims), query)


def _charted(fact: Fact) -> Claim:
    return Claim(text=fact.text, drafted_by=DraftedBy.CHART, chart_references=(fact,))


def _supported(
    known: Answer, query: Query, found: Findings, engines: Sequence[Engine]
) -> Iterator[AnswerEvent | Answer]:
    wording = Wording(
        engines=engines,
        mode=query.mode,
        deadline_seconds=settings.TACIT_ENGINE_DEADLINE_SECONDS,
        guidance=_guidance(known, query),
    )
    claims: list[Claim] = []
    for claim in _claims(known, query, found, wording):
        claims.append(claim)
        yield ClaimChecked(claim=claim)
    is_thorough = query.mode is Mode.THOROUGH
    answer = replace(
        known,
        status=Status.ANSWERED,
        message=OPTIONS + (NO_WORDING if wording.failure else _other_model(known, wording)),
        claims=tuple(claims),
        disagreements=tuple(disagreements(claims, found.passages)) if is_thorough else (),
        dropped_claims=wording.dropped,
        model=wording.model,
        model_failure=wording.failure,
        prompt_version=_prompt_version(known, query) if wording.model else None,
    )
    yield _for_audience(answer, query)


def _other_model(known: Answer, wording: Wording) -> str:
    """Say so where the specialty names a model, that one did not answer, and another worded the statements."""
    wanted = known.routing.specialty.model if known.routing else None
    if not wanted or not wording.model_id or wanted == wording.model_id:
        return ""
    return f" The specialty asks for the model {wanted}; the statements were worded by {wording.model_id}."


def _guidance(known: Answer, query: Query) -> Guidance:
    if known.routing is None:
        return NO_GUIDANCE
    specialty = known.routing.specialty
    return Guidance(words=specialty.prompt if query.is_guided else "", specialty=specialty.name)


def _prompt_version(known: Answer, query: Query) -> str:
    if known.routing is None or not query.is_guided:
        return PROMPT_VERSION
    return f"{PROMPT_VERSION}+{known.routing.specialty.prompt_version}"


def _for_audience(answer: Answer, query: Query) -> Answer:
    is_for_patient = query.audience is Audience.PATIENT
    return replace(answer, handout=handout_of(answer)) if is_for_patient else answer


def _claims(known: Answer, query: Query, found: Findings, wording: Wording) -> Iterator[Claim]:
    if known.chart is not None:
        for fact in facts_that_bear(known.chart, found.passages):
            yield _charted(fact)
    yield from wording.claims_of(found.passages, PatientText(query.question))


def _nothing_found(found: Findings) -> str:
    message = (
        "Not enough evidence: the loaded guidelines and literature hold nothing that covers this question."
    )
    if found.unmatched:
        message += f" No passage covers: {', '.join(found.unmatched)}."
    return message
