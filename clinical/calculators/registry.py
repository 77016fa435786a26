"""All calculators by name. A new topic is one file below formulas/, and is found by itself."""

import difflib
import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from clinical.calculators import formulas
from clinical.calculators.domain import Calculator
from clinical.calculators.errors import CalculatorNotFound

AnyCalculator = Calculator[Any, Any]


@cache
def calculators() -> Mapping[str, AnyCalculator]:
    """Return every calculator by name, in the order of names."""
    modules = [
        importlib.import_module(each.name)
        for each in pkgutil.walk_packages(formulas.__path__, f"{formulas.__name__}.")
    ]
    found = {
        each.name: each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, Calculator)
    }
    return MappingProxyType(dict(sorted(found.items())))


def calculator_named(name: str) -> AnyCalculator:
    """Return the calculator of a name, which may have underscores for hyphens. Raises: CalculatorNotFound."""
    wanted = name.strip().lower().replace("_", "-")
    found = calculators().get(wanted)
    if found is None:
        near = [each for each in calculators() if wanted and wanted in each][:3]
        near = near or difflib.get_close_matches(wanted, calculators(), n=3, cutoff=0.5)
        hint = (
            f"Did you mean {' or '.join(near)}?" if near else "`manage.py calculate --list` names them all."
        )
        raise CalculatorNotFound(hint)
    return found
