"""Corpora side by side in one index: ingested, described, counted, removed."""
