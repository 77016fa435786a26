"""The local model puts a passage into one statement; it decides nothing about what is true."""

import json
import re
from dataclasses import dataclass

from clinical.errors import EngineRefused, EngineTimeout
from clinical.evidence.checking.restatement import may_become_restatement
from clinical.evidence.domain import Passage
from clinical.inference.client import Engine
from clinical.inference.domain import (
    BedsideDraft,
    Draft,
    LibraryDraft,
    Limits,
    Message,
    PatientText,
    PublicMessage,
    PublicText,
)
from clinical.inference.structured import write_document

Question = PatientText | PublicText

# Part of the audit record: change it whenever a word below changes.
PROMPT_VERSION = "restate-1"

SYSTEM = (
    "You help a clinician. You restate a medical passage in one sentence. You copy its words in their order "
    "and keep every number and condition."
)
EXAMPLE_PASSAGE = (
    "**Allopurinol:** recommended as the first-line urate-lowering therapy in patients with gout "
    "(strong recommendation)."
)
EXAMPLE_STATEMENT = (
    "Allopurinol is recommended as the first-line urate-lowering therapy in patients with gout "
    "(strong recommendation)."
)
# Tokens of JSON around a statement, and how many characters of English at least make a token.
TOKENS_AROUND = 40
CHARACTERS_A_TOKEN = 3
STATEMENT = re.compile(r'"statement"\s*:\s*"((?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)')


def _request(question: str, passage: str, number: int) -> str:
    return f"Question: {question}\nPassage [{number}]: {passage}\nWrite one plain statement of what passage [{number}] says."


@dataclass(frozen=True)
class Guidance:
    """What a specialty adds to the prompt, and by which name its drafts are counted."""

    words: str = ""
    specialty: str = "general"


NO_GUIDANCE = Guidance()


def fixed_messages(guidance: Guidance = NO_GUIDANCE) -> tuple[PublicMessage, ...]:
    """Return what is the same for every question: the engine keeps its state after these words, and nothing after them."""
    return (
        PublicMessage("system", PublicText(f"{SYSTEM} {guidance.words}".strip())),
        PublicMessage("user", PublicText(_request("How is gout treated?", EXAMPLE_PASSAGE, 1))),
        PublicMessage("assistant", PublicText(json.dumps({"passage": 1, "statement": EXAMPLE_STATEMENT}))),
    )


@dataclass(frozen=True)
class Drafted:
    """What the model wrote of a passage; a part of a statement where it was stopped."""

    statement: str
    is_whole: bool


def draft_statement(
    engine: Engine,
    *,
    question: Question,
    passage: Passage,
    number: int,
    deadline_seconds: float,
    guidance: Guidance = NO_GUIDANCE,
) -> Drafted | None:
    """Return the model's statement of the passage; None where it wrote none before the deadline.

    The draft is stopped at the first word that the passage does not say, and is then not whole. One passage a draft: a small model given several mixes them
    (docs/adr/0003-one-passage-a-draft.md). The schema can only name this passage.
    Raises: EngineUnavailable, EngineBusy.
    """
    written = ""
    limits = Limits(
        # A faithful statement is no longer than its passage.
        max_tokens=len(passage.quote) // CHARACTERS_A_TOKEN + TOKENS_AROUND,
        deadline_seconds=deadline_seconds,
    )

    def is_faithful_so_far(text: str) -> bool:
        nonlocal written
        written = text
        return may_become_restatement(_statement_in(text), passage)

    try:
        document = write_document(
            engine, _draft(question, passage, number, limits, guidance), go_on=is_faithful_so_far
        )
    except (EngineTimeout, EngineRefused):
        return None  # too slow, or a passage too long for the model's context: the passage speaks for itself
    return Drafted(_statement_in(written), is_whole=document is not None)


def _draft(question: Question, passage: Passage, number: int, limits: Limits, guidance: Guidance) -> Draft:
    """Return the draft, in the lane that the question allows."""
    fixed = fixed_messages(guidance)
    request = _request(question, passage.quote, number)
    if isinstance(question, PatientText):
        asked = Message("user", PatientText(request))
        return BedsideDraft(
            fixed=fixed,
            messages=(asked,),
            limits=limits,
            schema=_schema(number),
            specialty=guidance.specialty,
        )
    public = PublicMessage("user", PublicText(request))
    return LibraryDraft(
        messages=(*fixed, public), limits=limits, schema=_schema(number), specialty=guidance.specialty
    )


def _statement_in(written: str) -> str:
    """Return the statement as far as the JSON text holds it."""
    match = STATEMENT.search(written)
    return str(json.loads(f'"{match[1]}"', strict=False)) if match else ""


def _schema(number: int) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {"passage": {"enum": [number]}, "statement": {"type": "string"}},
        "required": ["passage", "statement"],
        "additionalProperties": False,
    }
