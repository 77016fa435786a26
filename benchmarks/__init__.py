"""Measurements, and the scripts that make what was trained or counted."""
