"""Wires: settings, URLs, processes. No clinical logic."""
