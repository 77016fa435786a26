"""The local model puts a passage into one statement; it decides nothing about what is true."""

import json
import re

from clinical.errors import EngineRefused, EngineTimeout
from clinical.evidence.domain import Passage
from clinical.evidence.support import may_become_supported
from clinical.inference.client import Engine
from clinical.inference.domain import Draft, Message

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


def draft_statement(
    engine: Engine, *, question: str, passage: Passage, number: int, deadline_seconds: float
) -> str | None:
    """Return the model's statement of the passage; None where it wrote none before the deadline.

    The draft is stopped at the first word that the passage does not say: what was written until then is
    returned, and fails the check. One passage a draft: a small model given several mixes them
    (docs/adr/0003-one-passage-a-draft.md). The schema can only name this passage.
    Raises: EngineUnavailable, EngineBusy.
    """
    pieces = engine.write(_draft(question, passage, number, deadline_seconds))
    written = ""
    try:
        for piece in pieces:
            written += piece
            if not may_become_supported(_statement_in(written), passage):
                break
    except (EngineTimeout, EngineRefused):
        return None  # too slow, or a passage too long for the model's context: the passage speaks for itself
    finally:
        pieces.close()
    return _statement_in(written)


def _draft(question: str, passage: Passage, number: int, deadline_seconds: float) -> Draft:
    example = json.dumps({"passage": 1, "statement": EXAMPLE_STATEMENT})
    return Draft(
        messages=(
            Message(role="system", content=SYSTEM),
            Message(role="user", content=_request("How is gout treated?", EXAMPLE_PASSAGE, 1)),
            Message(role="assistant", content=example),
            Message(role="user", content=_request(question, passage.quote, number)),
        ),
        schema=_schema(number),
        # A faithful statement is no longer than its passage.
        max_tokens=len(passage.quote) // CHARACTERS_A_TOKEN + TOKENS_AROUND,
        deadline_seconds=deadline_seconds,
    )


def _statement_in(written: str) -> str:
    """Return the statement as far as the JSON text holds it."""
    match = STATEMENT.search(written)
    return str(json.loads(f'"{match[1]}"', strict=False)) if match else ""


def _request(question: str, passage: str, number: int) -> str:
    return f"Question: {question}\nPassage [{number}]: {passage}\nWrite one plain statement of what passage [{number}] says."


def _schema(number: int) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {"passage": {"enum": [number]}, "statement": {"type": "string"}},
        "required": ["passage", "statement"],
        "additionalProperties": False,
    }
