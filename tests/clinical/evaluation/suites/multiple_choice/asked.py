"""Questions for tests, and models that are asked."""

from clinical.evaluation.data.choices import Choice
from clinical.evaluation.suites.multiple_choice.asking import Asked, Reply
from clinical.evaluation.suites.multiple_choice.posing import Posed, pose
from clinical.evaluation.suites.multiple_choice.templates import find_template
from clinical.inference.domain import Usage
from tests.clinical.evaluation.scripted import Say, ScriptedModel

OPTIONS = ("Adrenaline", "Atropine", "Insulin", "Heparin")


def choice(number: int = 1, *, gold: int = 0, group: str = "", context: str = "") -> Choice:
    text = f"What is given first in case {number}?"
    return Choice(id=f"q{number}", text=text, options=OPTIONS, gold=gold, group=group, context=context)


def posed(count: int = 1, *, group: str = "") -> list[Posed]:
    return [pose(choice(number, group=group)) for number in range(1, count + 1)]


def asked(say: Say, *, follows_schema: bool = True) -> Asked:
    return Asked(engine=ScriptedModel(say), template=find_template("plain"), follows_schema=follows_schema)


def reply(letter: str | None, *, reason: str = "", milliseconds: float = 10.0) -> Reply:
    usage = Usage(prompt_tokens=100, written_tokens=10)
    return Reply(letter=letter, reason=reason, milliseconds=milliseconds, usage=usage)
