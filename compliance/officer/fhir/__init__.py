"""The audit record as FHIR resources: `GET /fhir/AuditEvent`."""
