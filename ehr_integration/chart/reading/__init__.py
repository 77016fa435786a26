"""One reader for each FHIR type: JSON in, facts in words and findings out."""
