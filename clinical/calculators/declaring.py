"""How a formula becomes a calculator: its signature is read once, so that nothing is said twice."""

import inspect
from collections.abc import Callable
from types import NoneType
from typing import Annotated, Any, TypedDict, Unpack, get_args, get_origin, get_type_hints

from clinical.calculators.domain import Asked, Band, Calculator, Input, Number, P, Source


class Facts(TypedDict, total=False):
    """What a declaration may add: see Calculator."""

    unit: str
    decimals: int
    out_of: int
    is_for_everyone: bool
    bears_on: frozenset[str]
    not_with: frozenset[str]
    shown: Callable[[Any], str]
    note: str


def calculator(
    title: str, *sources: Source, bands: tuple[tuple[float, str], ...] = (), **facts: Unpack[Facts]
) -> Callable[[Callable[P, Number]], Calculator[P, Number]]:
    """Return what makes a calculator of a function; the function's name is the calculator's, with hyphens.

    Bands are (from, meaning), lowest first. Each parameter is keyword-only and annotated with Asked.
    Raises: TypeError for a parameter that is not.
    """

    def declared(formula: Callable[P, Number]) -> Calculator[P, Number]:
        return Calculator(
            name=formula.__name__.replace("_", "-"),
            title=title,
            formula=formula,
            inputs=_inputs(formula),
            sources=sources,
            bands=tuple(Band(at_least, meaning) for at_least, meaning in bands),
            **facts,
        )

    return declared


def asked_of(hint: object) -> Asked | None:
    """Return what a type is annotated with; None where that is not an Asked."""
    return next((each for each in get_args(hint) if isinstance(each, Asked)), None)


def _inputs(formula: Callable[..., Any]) -> dict[str, Input]:
    hints = get_type_hints(formula, include_extras=True)
    parameters = inspect.signature(formula).parameters
    return {name: _input(name, hints[name], parameters[name]) for name in parameters}


def _input(name: str, hint: Any, parameter: inspect.Parameter) -> Input:  # noqa: ANN401 - a type of any form
    if get_origin(hint) is not Annotated:
        # An input that may be left out: Annotated[...] | None.
        hint = next((each for each in get_args(hint) if get_origin(each) is Annotated), NoneType)
    kind, asked = next(iter(get_args(hint)), NoneType), asked_of(hint)
    if asked is None or parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{name}: every parameter of a calculator is keyword-only and annotated with Asked")
    return Input(name=name, asked=asked, kind=kind, is_required=parameter.default is inspect.Parameter.empty)
