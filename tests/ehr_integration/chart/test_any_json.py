"""Whatever JSON an EHR sends, normalising it does not crash and yields text that can be shown."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_integration.chart.domain import Category, FindingCode
from ehr_integration.chart.normalise import READERS, normalise
from ehr_integration.chart.reading.medications import named, unnamed_medication
from ehr_integration.chart.reading.patients import read_patient
from ehr_integration.chart.validity import departure_from_r4
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    encounter,
    note,
    observation,
    order,
    patient,
    pregnancy,
    pressure,
    procedure,
)

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "fhir"
MAKERS = {
    Category.CONDITIONS: condition(),
    Category.MEDICATIONS: order(),
    Category.ALLERGIES: allergy(),
    Category.LABORATORY: observation(),
    Category.VITAL_SIGNS: pressure(142, 86),
    Category.PREGNANCY: pregnancy(),
    Category.PROCEDURES: procedure(),
    Category.ENCOUNTERS: encounter(),
    Category.NOTES: note("words"),
}
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["", "9999-12-31T23:59:59-14:00", "0000", "2024-13", "active", "8480-6", "\ud800", "#", "AAAA"]
    )
)
NAMES = st.sampled_from(
    [
        "coding",
        "code",
        "text",
        "value",
        "unit",
        "start",
        "reference",
        "data",
        "attachment",
        "repeat",
        "frequency",
    ]
) | st.text(max_size=6)
ODD_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


def every_path(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from every_path(inner, (*path, key))


def replaced(value, path, odd):
    if not path:
        return odd
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], odd)
    return copy


def check(category, resources):
    found = normalise(category, resources)
    for fact in found.facts:
        assert fact.text == " ".join(fact.text.split())
        assert fact.text.encode()
        assert fact.reference.encode()
        assert fact.value is None or abs(fact.value) < float("inf")
    for finding in found.findings:
        assert finding.text.encode()
    return found


@pytest.mark.parametrize("category", list(Category))
@given(data=st.data())
def test_odd_json_anywhere_in_a_resource_is_survived(category, data):
    sound = MAKERS[category]
    path = data.draw(st.sampled_from([path for path in every_path(sound) if path]))
    odd = replaced(sound, path, data.draw(ODD_JSON))
    check(category, [odd, sound])


@pytest.mark.parametrize("category", list(Category))
@given(elements=st.dictionaries(NAMES, ODD_JSON, max_size=4), whole=ODD_JSON)
def test_odd_resources_are_survived(category, elements, whole):
    resource_type = next(iter(READERS[category]))
    check(category, [whole, {**elements, "resourceType": resource_type, "id": "1"}])


@given(data=st.data())
def test_odd_patients_and_references_are_survived(data):
    path = data.draw(st.sampled_from([path for path in every_path(patient()) if path]))
    odd = replaced(patient(), path, data.draw(ODD_JSON))
    read_patient(odd)
    departure_from_r4({**odd, "resourceType": "Patient"})
    referring = order(medicationCodeableConcept=None, medicationReference=data.draw(ODD_JSON))
    unnamed_medication(referring)
    named(referring, medication={"code": data.draw(ODD_JSON)})


@pytest.mark.parametrize("element", ["extension", "contained"])
def test_deep_nesting_is_survived(element):
    deep = json.loads('[{"extension":' * 400 + "[]" + "}]" * 400)
    found = check(Category.LABORATORY, [observation(**{element: deep})])
    assert FindingCode.INVALID_RESOURCE in [finding.code for finding in found.findings]


def sample_files():
    return sorted(SAMPLES.glob("*/*.json*")) if SAMPLES.is_dir() else []


def resources_in(value):
    if isinstance(value, dict):
        if isinstance(value.get("resourceType"), str):
            yield value
        for entry in value.get("entry", []) if isinstance(value.get("entry"), list) else []:
            yield from resources_in(entry.get("resource") if isinstance(entry, dict) else None)


def read(path):
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        return list(resources_in(json.loads(body)))
    except ValueError:
        return []  # broken JSON never gets past the FHIR client


@pytest.mark.skipif(not sample_files(), reason="the public FHIR samples are not beside this checkout")
@pytest.mark.parametrize("folder", ["synthea_r4", "us_core", "odd"])
def test_public_samples_are_read(folder):
    files = sorted((SAMPLES / folder).glob("*.json*"))
    facts = 0
    for resources in map(read, files):
        for category, readers in READERS.items():
            mine = [resource for resource in resources if resource["resourceType"] in readers]
            found = check(category, mine)
            facts += len(found.facts)
            if folder == "synthea_r4":
                codes = {finding.code for finding in found.findings}
                assert codes <= {FindingCode.CONFLICTING_STATUS, FindingCode.DUPLICATE}
    assert facts > 30, "the samples hold conditions, results and medications"
