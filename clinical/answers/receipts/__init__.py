"""Receipts: what an answer commits to, and the proof later that a saved answer is the one that was given."""
