"""Passages and chart facts become statements: worded, checked, held against each other."""
