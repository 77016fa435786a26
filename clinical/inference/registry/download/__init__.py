"""Fetches model files from an address or a hub, and lets none in before its SHA-256 is confirmed."""
