"""Exports of the audit record: asked for, approved by a second officer where they are large, written, taken away."""
