"""Tests of the clinical room."""
