"""The patient leaves an AuditEvent without a trace, and comes back exactly."""

import base64
import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from audit.balp.actions import ACTIONS
from audit.balp.context import Context
from audit.balp.placeholder import patient_placeholder, with_patient
from audit.balp.profiles.checking import check
from audit.balp.reading import event_of
from audit.domain import Event
from tests.audit.balp.acts import EVERYTHING, acts, document, event

CANARY = "canary-7f3"


def everything_said(made: dict[str, Any]) -> str:
    """The document's words, those inside base64 too."""
    queries = [base64.b64decode(each["query"]).decode() for each in made.get("entity", []) if "query" in each]
    return json.dumps(made) + "".join(queries)


@given(acts())
def test_the_patient_comes_back_exactly(act: tuple[Event, Context, str]) -> None:
    recorded, context, client = act
    made = document(recorded, context, client=client)
    before = copy.deepcopy(made)
    without, patient_id = patient_placeholder(made)
    assert patient_id == (recorded.patient_id or None)
    assert made == before
    assert (without if patient_id is None else with_patient(without, patient_id)) == made


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_nothing_names_the_patient_any_more(action: str) -> None:
    context = replace(
        EVERYTHING,
        query=f"Patient?_id={CANARY}&subject=Patient/{CANARY}",
        object=f"Patient/{CANARY}/_history/2",
        authorizer=f"Patient/{CANARY}",
    )
    made = document(event(action, patient_id=CANARY), context)
    without, patient_id = patient_placeholder(made)
    assert CANARY in everything_said(made)
    assert patient_id == CANARY
    assert CANARY not in everything_said(without)
    assert '"Patient/?"' in json.dumps(without)


def test_a_document_without_its_patient_still_passes_and_reads() -> None:
    without, _ = patient_placeholder(document(event("ask")))
    assert check(without) == []
    assert event_of(without).patient_id == "?"


def test_an_event_about_no_patient_stays_as_it_is() -> None:
    made = document(event("sign-in", patient_id=""))
    assert patient_placeholder(made) == (made, None)
