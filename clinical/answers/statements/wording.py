"""Claims as a clinician reads them: plain text that never loses the heading it stood under."""

import re

from clinical.evidence.domain import Kind, Passage

EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`")
SPACE = re.compile(r"\s+")


def in_context(statement: str, passage: Passage) -> str:
    """Return the statement, led by the nearest heading of a guideline ("Men: ..."): without it, it may mislead."""
    plain = plain_text(statement)
    heading = _heading(passage)
    if passage.source.kind is not Kind.GUIDELINE or plain.casefold().startswith(heading.casefold()):
        return plain
    return f"{heading}: {plain}"


def without_context(text: str, passage: Passage) -> str:
    """Return what `in_context` was given: the text without the heading that it put before it."""
    heading = _heading(passage)
    opening = f"{heading}: "
    return text[len(opening) :] if heading and text.casefold().startswith(opening.casefold()) else text


def _heading(passage: Passage) -> str:
    """Return the nearest heading; empty where there is none."""
    return passage.context[-1].rstrip(": ") if passage.context else ""


def plain_text(markdown: str) -> str:
    """Return the text without Markdown's emphasis marks and bullets, on one line."""
    lines = (line.strip().lstrip("-*•").strip() for line in EMPHASIS.sub("", markdown).splitlines())
    return SPACE.sub(" ", " ".join(lines)).strip()
