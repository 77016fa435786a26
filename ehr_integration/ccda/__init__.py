"""C-CDA R2.1 documents, read as FHIR R4 resources."""
