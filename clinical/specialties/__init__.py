"""Specialties: data folders that say which questions are theirs, and what changes in an answer to them."""
