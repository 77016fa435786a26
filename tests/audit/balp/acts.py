"""One complete act of every action, and acts drawn at random."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from audit.balp.actions import ACTIONS
from audit.balp.building import audit_event
from audit.balp.context import NO_CONTEXT, Context
from audit.balp.details import INTEGERS, LISTS
from audit.balp.kinds import GLASS_BROKEN
from audit.domain import DETAIL_KEYS, Event, Outcome

EVENT_ID = UUID("01936b5e-7c00-7abc-8def-0123456789ab")
RECORDED_AT = datetime(2026, 11, 25, 22, 15, 0, 123456, tzinfo=UTC)
OBSERVER = "tacit.example.org"
PATIENT_ID = "af-ckd"

EVERYTHING = Context(
    query=f"Observation?patient={PATIENT_ID}&code=2160-0",
    request_id="76d148b6-586d-11ec-bf63-0242ac130002",
    client_address="2001:db8::7334",
    peer="https://ehr.example.org/fhir",
    organization="St. Alma",
    consent="Consent/c1",
    authorizer=f"Patient/{PATIENT_ID}",
    specialty="cardiology",
    reviewer="olga",
    review_due="2026-11-28",
)
ANSWER: dict[str, object] = {
    "answer_status": "answered",
    "receipt_id": "01936b5e-7c00-7abc-8def-0123456789ac",
    "commitment": "ab" * 32,
    "claims": 4,
    "dropped_claims": 1,
    "source_ids": ["pubmed:1", "pubmed:2"],
    "model": "cd" * 32,
    "prompt_version": "3",
}


def event(action: str, **changes: Any) -> Event:
    """A success of the action, with all that its kind tells."""
    facts: dict[str, Any] = {
        "outcome": Outcome.SUCCESS,
        "actor": "alma",
        "role": "clinician",
        "patient_id": PATIENT_ID,
        "purpose": "TREAT",
        "detail": ANSWER if action == "answer" else {},
    }
    if ACTIONS[action] is GLASS_BROKEN:
        facts |= {"purpose": "BTG", "reason": "unconscious"}
    return Event(action=action, **facts | changes)


def document(
    event: Event, context: Context = EVERYTHING, *, client: str = "web", observer: str = OBSERVER
) -> dict[str, Any]:
    if not event.patient_id and context is EVERYTHING:
        context = replace(context, authorizer="")
    return audit_event(
        event,
        event_id=EVENT_ID,
        recorded_at=RECORDED_AT,
        observer=observer,
        client=client,
        context=context,
    )


TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
IDS = st.from_regex(r"[A-Za-z0-9\-.]{1,64}", fullmatch=True)


def details() -> st.SearchStrategy[dict[str, Any]]:
    def value(key: str) -> st.SearchStrategy[Any]:
        if key in INTEGERS:
            return st.integers()
        return st.lists(TEXT) if key in LISTS else st.one_of(TEXT, st.just(""), st.none())

    return st.fixed_dictionaries({}, optional={key: value(key) for key in sorted(DETAIL_KEYS)})


EVENTS = st.builds(
    Event,
    action=st.sampled_from(sorted(ACTIONS)),
    outcome=st.sampled_from(Outcome),
    actor=TEXT,
    role=st.one_of(st.just(""), TEXT),
    patient_id=st.one_of(st.just(""), IDS),
    purpose=st.sampled_from(["", "TREAT", "HOPERAT", "BTG", "ETREAT"]),
    reason=st.one_of(st.just(""), TEXT),
    detail=details(),
)
OPTIONAL_TEXT = st.one_of(st.just(""), TEXT)
TOKENS = st.sampled_from([{}, {"token_id": "jti-1"}, {"token_tail": "x" * 32}])


@st.composite
def contexts(draw: st.DrawFn, patient_id: str) -> Context:
    """A context about one patient."""
    if draw(st.booleans()):
        return NO_CONTEXT
    objects = ["", "Observation/o1"] + ([f"Patient/{patient_id}/_history/2"] if patient_id else [])
    raw = st.lists(st.one_of(TEXT, st.just(patient_id)), max_size=5).map("&".join)
    return Context(
        object=draw(st.sampled_from(objects)),
        query=draw(raw),
        request_id=draw(OPTIONAL_TEXT),
        client_address=draw(st.sampled_from(["", "10.0.0.1", "::1", "ward-7"])),
        peer=draw(OPTIONAL_TEXT),
        organization=draw(OPTIONAL_TEXT),
        consent=draw(st.sampled_from(["", "Consent/c1"])),
        authorizer=draw(
            st.sampled_from(["", "RelatedPerson/r"] + [f"Patient/{patient_id}"] * bool(patient_id))
        ),
        specialty=draw(OPTIONAL_TEXT),
        reviewer=draw(OPTIONAL_TEXT),
        review_due=draw(OPTIONAL_TEXT),
        **draw(TOKENS),
    )


@st.composite
def acts(draw: st.DrawFn) -> tuple[Event, Context, str]:
    """An event with a context, and the client's name."""
    event = draw(EVENTS)
    return event, draw(contexts(event.patient_id)), draw(OPTIONAL_TEXT)
