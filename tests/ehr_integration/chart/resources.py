"""Valid R4 resources for tests, each with what the test is about replaced."""

from base64 import b64encode

SUBJECT = {"reference": "Patient/p1"}
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"


def status(code):
    return {"coding": [{"system": CLINICAL, "code": code}]}


def condition(key="c1", **elements):
    base = {
        "resourceType": "Condition",
        "id": key,
        "clinicalStatus": status("active"),
        "code": {
            "coding": [{"system": "http://snomed.info/sct", "code": "440059007"}],
            "text": "Permanent atrial fibrillation",
        },
        "subject": SUBJECT,
        "onsetDateTime": "2021-03",
    }
    return _with(base, elements)


def order(key="m1", **elements):
    base = {
        "resourceType": "MedicationRequest",
        "id": key,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Warfarin 5 mg tablet"},
        "subject": SUBJECT,
        "authoredOn": "2021-03-09",
        "dosageInstruction": [{"text": "1 tablet once daily"}],
    }
    return _with(base, elements)


def allergy(key="a1", **elements):
    base = {
        "resourceType": "AllergyIntolerance",
        "id": key,
        "clinicalStatus": status("active"),
        "code": {"text": "penicillin"},
        "patient": SUBJECT,
        "recordedDate": "2010-01-01",
        "reaction": [{"manifestation": [{"text": "urticaria"}]}],
    }
    return _with(base, elements)


def observation(key="o1", *, category="laboratory", **elements):
    base = {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "category": [{"coding": [{"code": category}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "98979-8"}], "text": "eGFR"},
        "subject": SUBJECT,
        "effectiveDateTime": "2024-05-02",
        "valueQuantity": quantity(38, "mL/min/1.73 m2", "mL/min/{1.73_m2}"),
    }
    return _with(base, elements)


def quantity(value, unit, code=None):
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": code or unit}


def pressure(systolic, diastolic, key="o1", **elements):
    parts = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": name},
            "valueQuantity": quantity(value, "mmHg", "mm[Hg]"),
        }
        for code, name, value in (("8480-6", "Systolic", systolic), ("8462-4", "Diastolic", diastolic))
    ]
    code = {"coding": [{"system": "http://loinc.org", "code": "85354-9"}], "text": "BP panel"}
    return observation(
        key,
        **{"category": "vital-signs", "code": code, "valueQuantity": None, "component": parts, **elements},
    )


def pregnancy(answer="77386006", key="g1", **elements):
    """A pregnancy status with a SNOMED CT answer."""
    code = {"coding": [{"system": "http://loinc.org", "code": "82810-3"}], "text": "Pregnancy status"}
    said = {"coding": [{"system": "http://snomed.info/sct", "code": answer}], "text": "Pregnant"}
    base = {"code": code, "valueQuantity": None, "valueCodeableConcept": said}
    return observation(key, **{"category": "social-history", **base, **elements})


def procedure(key="r1", **elements):
    base = {
        "resourceType": "Procedure",
        "id": key,
        "status": "completed",
        "code": {
            "coding": [{"system": "http://snomed.info/sct", "code": "80146002"}],
            "text": "Appendectomy",
        },
        "subject": SUBJECT,
        "performedDateTime": "2019-05-02",
    }
    return _with(base, elements)


def encounter(key="e1", **elements):
    base = {
        "resourceType": "Encounter",
        "id": key,
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
        "type": [{"text": "Accident and emergency"}],
        "subject": SUBJECT,
        "period": {"start": "2024-05-02T10:00:00Z", "end": "2024-05-03T02:00:00Z"},
        "reasonCode": [{"text": "Chest pain"}],
    }
    return _with(base, elements)


def note(text, key="n1", **elements):
    data = b64encode(text.encode()).decode() if isinstance(text, str) else text
    base = {
        "resourceType": "DocumentReference",
        "id": key,
        "status": "current",
        "type": {"text": "Progress note"},
        "subject": SUBJECT,
        "date": "2024-05-02T10:00:00Z",
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
    }
    return _with(base, elements)


def patient(key="p1", **elements):
    base = {
        "resourceType": "Patient",
        "id": key,
        "name": [{"use": "official", "family": "Lorem", "given": ["Wendell", "A"]}],
        "gender": "male",
        "birthDate": "1961",
    }
    return _with(base, elements)


def _with(base, elements):
    return {name: value for name, value in {**base, **elements}.items() if value is not None}
