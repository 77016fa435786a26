"""What each profile demands of an AuditEvent, as data, and the check of a document against it."""
