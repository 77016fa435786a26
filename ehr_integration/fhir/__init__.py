"""FHIR R4 over HTTP, read side."""
