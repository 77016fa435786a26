"""Whatever stands where in a document, it is accepted or refused, and never a crash."""

import copy
import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from ehr_integration.cds_hooks.errors import RequestInvalid
from ehr_integration.cds_hooks.feedback import read_feedback
from ehr_integration.cds_hooks.invariants import check_feedback, check_request, check_response, check_services
from ehr_integration.cds_hooks.request import read_request
from ehr_integration.connections.domain import Connection
from tests.ehr_integration.cds_hooks.documents import CONTEXTS, call, card, overridden, told

EHR = Connection(name="north", fhir_base_url="https://ehr.example.org/fhir")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
CHECKS = (check_request, check_response, check_services, check_feedback)


def places(value, at=()):
    """Every place in a document."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*at, key))


def with_one_changed(documents):
    def changed(document):
        return st.tuples(st.sampled_from([at for at in places(document) if at]), ANYTHING).map(
            lambda change: replaced(document, *change)
        )

    return st.sampled_from(documents).flatmap(changed)


def replaced(document, at, value):
    made = copy.deepcopy(document)
    parent = made
    for key in at[:-1]:
        parent = parent[key]
    parent[at[-1]] = value
    return made


CALLS = [call(hook) for hook in CONTEXTS]
TOLD = [{"feedback": [told(), overridden()]}]


@settings(max_examples=300, deadline=None)
@given(with_one_changed(CALLS))
def test_a_call_with_anything_in_it_is_read_or_refused(document):
    with suppress(RequestInvalid):
        read_request(json.dumps(document).encode(), connection=EHR)


@settings(max_examples=150, deadline=None)
@given(with_one_changed(TOLD))
def test_feedback_with_anything_in_it_is_read_or_refused(document):
    with suppress(RequestInvalid):
        read_feedback(json.dumps(document).encode())


@settings(max_examples=150, deadline=None)
@given(with_one_changed([*CALLS, *TOLD, {"cards": [card()]}]))
def test_any_document_is_judged(document):
    for check in CHECKS:
        assert all(violation.rule for violation in check(document))
