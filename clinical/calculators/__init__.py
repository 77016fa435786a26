"""Deterministic scores: arithmetic belongs to code. Each with its units, its range, and its source."""
