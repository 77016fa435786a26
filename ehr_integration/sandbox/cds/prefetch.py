"""Fills prefetch templates from the demo EHR's own store, key by key. Source: CDS Hooks 2.0.1, "Prefetch Template"."""

import re
from collections.abc import Mapping

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.fhir_api import FhirApi
from ehr_integration.sandbox.outcome import FhirError, operation_outcome

TOKEN = re.compile(r"{{\s*context\.(\w+)\s*}}")
USER = re.compile(r"{{\s*userPractitionerId\s*}}")


def prefetched(
    api: FhirApi, templates: Mapping[str, str], context: Mapping[str, object], *, base: str
) -> dict[str, Resource | None]:
    """Return what each template asks for; an OperationOutcome where it cannot be had. What has a foreign token is left out."""
    found: dict[str, Resource | None] = {}
    for key, template in templates.items():
        query = TOKEN.sub(lambda match: str(context.get(match[1], match[0])), template)
        query = USER.sub(str(context.get("userId", "")).rpartition("/")[2], query)
        if "{{" not in query:
            found[key] = _asked(api, query, base)
    return found


def _asked(api: FhirApi, query: str, base: str) -> Resource:
    try:
        return api.get(None, query, base)
    except FhirError as error:
        return operation_outcome(error.code, error.diagnostics)
