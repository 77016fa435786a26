"""The two invented doctors who use the demo EHR."""

from ehr_integration.sandbox.builder.terms import Resource

NAMES = {
    "alma": ("Dr. Alma Fieldnote", "Internal medicine"),
    "carla": ("Dr. Carla Mockwell", "Emergency medicine"),
}


def practitioners() -> list[Resource]:
    """Return them as Practitioner resources."""
    return [
        {
            "resourceType": "Practitioner",
            "id": user,
            "meta": {"versionId": "1", "lastUpdated": "2026-10-01T08:00:00+00:00"},
            "active": True,
            "name": [{"use": "official", "text": name}],
            "qualification": [{"code": {"text": specialty}}],
        }
        for user, (name, specialty) in NAMES.items()
    ]
