"""What everyone is asked. No prompt is used twice, so that nobody answers from what it has kept."""

import random

WORDS = (
    "patient trial outcome dose renal cardiac stroke bleeding placebo cohort hazard interval weight pressure "
    "insulin warfarin apixaban sepsis therapy follow baseline infection response survival marker"
).split()
SHARED_WORDS = 200
SYSTEM = "You are a writer who never stops early."


def shared_text(round_number: int) -> str:
    """Return about 300 tokens of words, other ones each round."""
    chance = random.Random(round_number)  # noqa: S311 - chosen for repetition, not for secrecy
    return " ".join(chance.choice(WORDS) for _ in range(SHARED_WORDS))


def batch_questions(round_number: int, *, requests: int) -> list[str]:
    """Return questions that begin with the same words and end differently."""
    shared = shared_text(round_number)
    return [f"{shared}\nWrite a very long story about number {number}." for number in range(requests)]


def single_question(round_number: int) -> str:
    """Return a short question whose answer is long."""
    return f"Write a very long story about the year {1900 + round_number}, chapter by chapter."
