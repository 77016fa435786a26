"""How events are written down."""

from enum import StrEnum


class Format(StrEnum):
    """A file of a package that is there for reading; NDJSON is always there, as the proof needs it."""

    NDJSON = "ndjson"
    CSV = "csv"
    BUNDLE = "bundle"
    PDF = "pdf"
