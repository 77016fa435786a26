"""An engine that answers multiple-choice questions by a script; the contract is tested on the real one."""

import json
from collections.abc import Callable, Generator

from clinical.errors import EngineError
from clinical.inference.domain import Draft, EngineInfo, Usage

Say = Callable[[str], str | EngineError]


class ScriptedModel:
    """Says for the text of each question what its script says: a letter, other words, or an error."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.drafts: list[Draft] = []

    def info(self) -> EngineInfo:
        return EngineInfo(model_id="scripted", file="scripted", sha256="0" * 64)

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        self.drafts.append(draft)
        said = self.say(draft.messages[-1].content)
        if isinstance(said, EngineError):
            raise said
        text = json.dumps({"answer": said}) if draft.schema and len(said) == 1 else said
        for start in range(0, len(text), 5):
            yield text[start : start + 5]
        return Usage(prompt_tokens=100, written_tokens=10)

    def metrics(self) -> str:
        return ""


def letter_of(text: str, option: str) -> str:
    """Return the letter under which the question's text shows the option."""
    line = next(line for line in text.splitlines() if line.endswith(f". {option}"))
    return line[0]


def always(option: str) -> Say:
    """Return the script of a model that knows one answer."""
    return lambda text: letter_of(text, option)
