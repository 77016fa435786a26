"""One calculation: what was given, completed from a chart where a patient is named."""

from collections.abc import Mapping
from typing import Any

from clinical.calculators.document import result_document
from clinical.calculators.filling import Filling
from clinical.calculators.reading import read_inputs
from clinical.calculators.registry import AnyCalculator
from clinical.calculators.services import result_of


def calculation(
    calculator: AnyCalculator, given: Mapping[str, Any], filling: Filling | None = None
) -> dict[str, Any]:
    """Return the result's document; what is given goes before what the chart says. Raises: CalculatorError."""
    named = {name: value for name, value in given.items() if value is not None}
    filled = [each for each in (filling.found if filling else ()) if each.name not in named]
    charted = {each.name: each.value for each in filled}
    values = charted | read_inputs(calculator, named, known=charted)
    ordered = {name: values[name] for name in calculator.inputs if name in values}
    return result_document(calculator, result_of(calculator, ordered), ordered, filled)
