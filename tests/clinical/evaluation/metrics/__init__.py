"""Tests of the evaluation suites."""
