"""Grants: no patient is read without one, and each is audited before it exists."""
