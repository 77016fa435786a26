"""What an EHR says that it can do: its CapabilityStatement, read leniently.

Source: FHIR R4, CapabilityStatement; STU3 and R5 name the same elements alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.json_values import object_in, objects, text, texts

OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


@dataclass(frozen=True, kw_only=True)
class ResourceCapability:
    """What it can do with one type of resource."""

    interactions: frozenset[str]
    search_params: frozenset[str]
    includes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Capability:
    """An EHR's own description; what it does not say is empty."""

    fhir_version: str
    software: str
    software_version: str
    publisher: str
    formats: frozenset[str]
    interactions: frozenset[str]
    resources: Mapping[str, ResourceCapability]
    security_services: frozenset[str]
    authorize_url: str
    token_url: str


def read_capability(client: FhirClient, *, deadline: Deadline) -> Capability:
    """Return what the EHR at the client's base says of itself. Raises: EhrError."""
    return capability_of(client.get_plain("metadata", deadline=deadline))


def capability_of(statement: Mapping[str, Any]) -> Capability:
    """Return what a CapabilityStatement says; what is not as FHIR has it is left out."""
    software = object_in(statement.get("software"))
    rest = next((each for each in objects(statement.get("rest")) if each.get("mode") != "client"), {})
    security = object_in(rest.get("security"))
    uris = dict(_oauth_uris(security))
    return Capability(
        fhir_version=text(statement.get("fhirVersion")),
        software=text(software.get("name")),
        software_version=text(software.get("version")),
        publisher=text(statement.get("publisher")),
        formats=frozenset(texts(statement.get("format"))),
        interactions=frozenset(_codes(rest.get("interaction"), "code")),
        resources={
            text(each.get("type")): ResourceCapability(
                interactions=frozenset(_codes(each.get("interaction"), "code")),
                search_params=frozenset(_codes(each.get("searchParam"), "name")),
                includes=frozenset(texts(each.get("searchInclude"))),
            )
            for each in objects(rest.get("resource"))
        },
        security_services=frozenset(
            text(coding.get("code"))
            for service in objects(security.get("service"))
            for coding in objects(service.get("coding"))
        ),
        authorize_url=uris.get("authorize", ""),
        token_url=uris.get("token", ""),
    )


def _oauth_uris(security: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for extension in objects(security.get("extension")):
        if extension.get("url") == OAUTH_URIS:
            for part in objects(extension.get("extension")):
                yield text(part.get("url")), text(part.get("valueUri"))


def _codes(value: object, name: str) -> Iterator[str]:
    return (text(each.get(name)) for each in objects(value))
