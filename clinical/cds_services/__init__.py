"""Tacit's CDS Hooks services: a chart becomes cards from rules, scores and evidence, without the model."""
