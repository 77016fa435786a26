"""`manage.py models card`."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import CommandParser

from clinical.inference.registry.card import CardLine, card_of
from config.models_command.subcommand import load_registry
from config.subcommand import Output, Subcommand

WIDTH = 110


class ShowCard(Subcommand):
    """Prints what is known about a model."""

    name = "card"
    help = "Print the 31 source attributes of a predictive decision support intervention, 45 CFR 170.315(b)(11)(iv)(B)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("id", help="see `models list`")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Print all of them, also those that nobody has said."""
        model = load_registry().find(options["id"])
        lines = card_of(model)
        known = sum(line.is_known for line in lines)
        rows = [
            {
                "paragraph": f"170.315(b)(11)(iv)(B){line.attribute.paragraph}",
                "section": line.section.title,
                "key": line.attribute.key,
                "attribute": line.attribute.asks,
                "value": line.value,
                "is_known": line.is_known,
            }
            for line in lines
        ]
        output.document({"model": model.id, "sha256": model.sha256, "known": known, "attributes": rows})
        output.line(f"{model.name} ({model.id}), {model.quantisation}, {model.licence}")
        output.line(f"SHA-256 {model.sha256}. {known} of {len(lines)} attributes are known")
        _print_lines(lines, output)


def _print_lines(lines: Sequence[CardLine], output: Output) -> None:
    section = None
    for line in lines:
        if line.section is not section:
            section = line.section
            output.line(f"\n({section.number}) {section.title}")
        output.line(_folded(f"{line.attribute.paragraph} {line.attribute.asks}:", indent=2))
        output.line(_folded(line.value, indent=8))


def _folded(text: str, *, indent: int) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)
