"""Segments as FHIR R4 resources, as plain dictionaries."""
