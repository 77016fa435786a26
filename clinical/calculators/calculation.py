"""One calculation: what was given, completed from a note and a chart where there are any."""

from collections.abc import Mapping, Sequence
from typing import Any

from clinical.calculators.charts.filling import Filled
from clinical.calculators.document import result_document
from clinical.calculators.reading import read_inputs
from clinical.calculators.registry import AnyCalculator
from clinical.calculators.services import result_of


def calculation(
    calculator: AnyCalculator, given: Mapping[str, Any], *filled: Sequence[Filled]
) -> dict[str, Any]:
    """Return the result's document. What is given goes first, then what each of the others says, in their order.

    Raises: CalculatorError.
    """
    named = {name: value for name, value in given.items() if value is not None}
    told: dict[str, Filled] = {}
    for each in (one for source in filled for one in source):
        if each.name not in named:
            told.setdefault(each.name, each)
    values = {name: each.value for name, each in told.items()}
    values |= read_inputs(calculator, named, known=values)
    ordered = {name: values[name] for name in calculator.inputs if name in values}
    return result_document(calculator, result_of(calculator, ordered), ordered, told.values())
