"""Turns a patient's TOML record into FHIR R4 resources."""
