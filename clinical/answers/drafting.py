"""The local model puts a passage into one statement; it decides nothing about what is true."""

import json

from clinical.errors import EngineRefused
from clinical.evidence.domain import Passage
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
LONGEST_STATEMENT_TOKENS = 160


def draft_statement(
    engine: Engine, *, question: str, passage: Passage, number: int, deadline_seconds: float
) -> str | None:
    """Return the model's statement of the passage; None where it wrote nothing usable.

    One passage a draft: a small model given several mixes them (docs/adr/0003). The schema can only name
    this passage. Raises: EngineError.
    """
    draft = Draft(
        messages=(
            Message(role="system", content=SYSTEM),
            Message(role="user", content=_request("How is gout treated?", EXAMPLE_PASSAGE, 1)),
            Message(role="assistant", content=json.dumps({"passage": 1, "statement": EXAMPLE_STATEMENT})),
            Message(role="user", content=_request(question, passage.quote, number)),
        ),
        schema=_schema(number),
        max_tokens=LONGEST_STATEMENT_TOKENS,
        deadline_seconds=deadline_seconds,
    )
    try:
        written = json.loads("".join(engine.write(draft)))
        return str(written["statement"]) if written["passage"] == number else None
    except (json.JSONDecodeError, KeyError, TypeError, EngineRefused):
        # Cut off at the token limit, or a passage too long for the context: nothing was drafted.
        return None


def _request(question: str, passage: str, number: int) -> str:
    return f"Question: {question}\nPassage [{number}]: {passage}\nWrite one plain statement of what passage [{number}] says."


def _schema(number: int) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {"passage": {"enum": [number]}, "statement": {"type": "string"}},
        "required": ["passage", "statement"],
        "additionalProperties": False,
    }
