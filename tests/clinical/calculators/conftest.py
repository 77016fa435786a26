"""Calculators that others wrote, to agree with."""

import importlib
import sys

import pytest

from tests.product import CONTENT


@pytest.fixture
def open_medicine(monkeypatch):
    """Return what computes with the package open-medicine (MIT): module, parameters by name -> its value."""
    if not (CONTENT / "open_medicine").is_dir():
        pytest.skip("the starter content is not unpacked: `make content`")
    monkeypatch.setattr(sys, "path", [*sys.path, str(CONTENT)])

    def compute(module_name, **parameters):
        module = importlib.import_module(f"open_medicine.mcp.calculators.{module_name}")
        params = next(
            each
            for name, each in vars(module).items()
            if name.endswith("Params") and each.__module__ == module.__name__
        )
        calculate = next(
            each
            for name, each in vars(module).items()
            if name.startswith("calculate") and each.__module__ == module.__name__
        )
        return calculate(params(**parameters)).value

    return compute


@pytest.fixture
def clincalc():
    """Return what computes with the package clincalc (AGPL-3.0, tests only): name, inputs -> its result."""
    return pytest.importorskip("clincalc").calculate
