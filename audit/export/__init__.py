"""A part of the record as an auditor takes it away: what matches a filter, and the proof that nothing is left out."""
