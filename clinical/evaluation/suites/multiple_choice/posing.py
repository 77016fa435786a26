"""A question as it is put to a model: its options in a drawn order, each under a letter."""

import random
import re
from dataclasses import dataclass
from string import ascii_uppercase

from clinical.evaluation.data.choices import Choice
from clinical.evaluation.suites.multiple_choice.templates import Template

SEED = 20250115
# One pass, and not `format`: a question may hold braces, or the name of a place.
PLACES = re.compile(r"\{(options|context|question)\}")


@dataclass(frozen=True)
class Posed:
    """A question with its options in the order in which they are shown, and the letter of the right one."""

    choice: Choice
    options: tuple[str, ...]
    gold: str

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the options, from A."""
        return tuple(ascii_uppercase[: len(self.options)])

    def option(self, letter: str) -> str:
        """Return the text under the letter."""
        return self.options[ascii_uppercase.index(letter)]

    def text(self, template: Template) -> str:
        """Return the question in the words of the template."""
        pairs = zip(self.letters, self.options, strict=True)
        parts = {
            "options": "\n".join(f"{letter}. {option}" for letter, option in pairs),
            "context": f"{self.choice.context}\n\n" if self.choice.context else "",
            "question": self.choice.text,
        }
        return PLACES.sub(lambda place: parts[place[1]], template.question)


def pose(choice: Choice, *, seed: int = SEED) -> Posed:
    """Return the question with its options shuffled: the same order for every model, and no letter favoured."""
    order = list(range(len(choice.options)))
    random.Random(f"{seed}:{choice.id}").shuffle(order)  # noqa: S311 - chosen for repetition, not for secrecy
    return Posed(choice, tuple(choice.options[at] for at in order), ascii_uppercase[order.index(choice.gold)])
