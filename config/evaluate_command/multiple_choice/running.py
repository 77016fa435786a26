"""Runs one model, under one template, over the questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from clinical.evaluation.metrics.spending import Price
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.multiple_choice.asking import Asked, Reply, ask_all
from clinical.evaluation.suites.multiple_choice.posing import Posed
from clinical.evaluation.suites.multiple_choice.scoring import cost_figures, reply_figures
from clinical.evaluation.suites.multiple_choice.templates import Template
from config.evaluate_command.models import running_model
from config.evaluate_command.suite import tracked


@dataclass(frozen=True, kw_only=True)
class Side:
    """What is run: a model, a template, and what the model's tokens cost where a person has said it."""

    model_id: str
    template: Template
    price: Price | None = None


@dataclass(frozen=True, kw_only=True)
class Ran:
    """The replies of one side, and their figures."""

    replies: list[Reply]
    figures: Figures


def run_side(side: Side, questions: Sequence[Posed], *, together: int) -> Ran:
    """Return what the model answers. Raises: RegistryError, CommandError."""
    with running_model(side.model_id) as model:
        asked = Asked(engine=model.engine, template=side.template, follows_schema=model.follows_schema)
        begun = perf_counter()
        replies = ask_all(asked, questions, together=together, track=tracked)
        seconds = perf_counter() - begun
    return Ran(
        replies=replies,
        figures={
            "model": model.id,
            "model_file": model.where,
            "model_sha256": model.sha256 or None,
            "template": side.template.name,
            "template_version": side.template.version,
            "held_to_schema": model.follows_schema,
            **reply_figures(questions, replies),
            **cost_figures(replies, seconds=seconds, price=side.price),
        },
    )
