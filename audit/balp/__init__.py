"""An event of the record as a FHIR R4 AuditEvent shaped by IHE BALP, and back: dictionaries, no Django."""
