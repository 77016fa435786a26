"""What the demo EHR declares about itself: the CapabilityStatement, from the same table the search uses."""

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.parameters import PARAMETERS, Parameter


def capability_statement(base: str) -> Resource:
    """Return the R4 CapabilityStatement of the server at an address."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-24",
        "kind": "instance",
        "software": {"name": "Tacit demo EHR"},
        "implementation": {"description": "Invented patients for demonstrations and tests", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": _security(base.removesuffix("/fhir")),
                "interaction": [{"code": "batch"}],
                "resource": [_resource(name, parameters) for name, parameters in PARAMETERS.items()],
                "searchParam": [{"name": "_count", "type": "number"}, {"name": "_sort", "type": "string"}],
            }
        ],
    }


def _security(origin: str) -> Resource:
    uris = {"authorize": "authorize", "token": "token", "revoke": "revoke", "introspect": "introspect"}
    extensions = [{"url": name, "valueUri": f"{origin}/auth/{path}"} for name, path in uris.items()]
    service = {
        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
        "code": "SMART-on-FHIR",
    }
    return {
        "cors": True,
        "service": [{"coding": [service]}],
        "extension": [
            {
                "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                "extension": extensions,
            }
        ],
    }


def _resource(name: str, parameters: dict[str, Parameter]) -> Resource:
    return {
        "type": name,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": key, "type": parameter.kind.value} for key, parameter in parameters.items()],
    }
