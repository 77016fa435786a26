"""HL7 v2 messages, 2.1 to 2.8: read as FHIR R4 resources, received over MLLP and acknowledged."""
