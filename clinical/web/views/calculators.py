"""The calculators' pages: choose one, fill it by hand or from a chart, read the number with what it rests on."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from clinical.calculators.calculation import calculation
from clinical.calculators.charts.charted import filled_from_chart
from clinical.calculators.charts.filling import Filled
from clinical.calculators.document import calculator_document, json_value
from clinical.calculators.registry import AnyCalculator, calculator_named, calculators
from clinical.calculators.services import printed
from clinical.launched import record_source
from clinical.problems import problem_document
from clinical.web.errors import EXPECTED, problems_shown
from clinical.web.views.ask import patients_in_care
from compliance.access.domain import Action, Purpose
from compliance.access.models import signed_in_actor
from compliance.access.services import is_allowed
from compliance.errors import AccessDenied

NUMBERS = {"number", "whole number"}
YES_OR_NO = {"yes": True, "no": False}


@require_safe
@problems_shown
def calculators_page(request: HttpRequest) -> HttpResponse:
    """Show all calculators by topic."""
    by_topic = sorted(calculators().values(), key=lambda each: (each.topic, each.title.casefold()))
    topics = [
        (topic, [(each.name, each.title) for each in of_topic])
        for topic, of_topic in groupby(by_topic, key=lambda each: each.topic)
    ]
    return render(request, "web/calculators.html", {"topics": topics, "number": len(by_topic)})


@require_http_methods(["GET", "HEAD", "POST"])
@problems_shown
def calculator_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a calculator's form; filled from a chart, or with its result, where that was asked for."""
    calculator = calculator_named(name)
    page: dict[str, Any] = {}
    filled: Mapping[str, Filled] = {}
    try:
        page |= _choice(request)
        if "fill" in request.POST:
            filled = _filled(request, calculator, page)
        elif request.method == "POST":
            page["result"] = calculation(calculator, _given(request, calculator))
    except AccessDenied:
        raise
    except EXPECTED as error:
        page["problem"] = problem_document(error)
    page |= _form(calculator, request, filled)
    return render(request, "web/calculator.html", page, status=page.get("problem", {}).get("status", 200))


def _choice(request: HttpRequest) -> dict[str, Any]:
    """Return whose chart may fill the form. The list of patients is read, and recorded, only where it is asked for."""
    actor = signed_in_actor(request.user)
    if not is_allowed(actor, purpose=Purpose.TREATMENT, action=Action.CALCULATE):
        return {}
    source = record_source(request)
    chosen = source.patient or request.POST.get("patient", "")
    is_listed = "chart" in request.GET or bool(chosen)
    patients = patients_in_care(actor, source) if is_listed else []
    return {"may_fill": True, "chosen": chosen, "patients": patients}


def _filled(request: HttpRequest, calculator: AnyCalculator, page: dict[str, Any]) -> dict[str, Filled]:
    source = record_source(request)
    source.check_patient(request.POST.get("patient", ""))
    filling = filled_from_chart(
        signed_in_actor(request.user),
        calculator,
        patient_id=request.POST.get("patient", ""),
        endpoint=source.endpoint,
    )
    page["was_filled"] = True
    page["missing"] = filling.missing
    return {each.name: each for each in filling.found}


def _form(calculator: AnyCalculator, request: HttpRequest, filled: Mapping[str, Filled]) -> dict[str, Any]:
    document = calculator_document(calculator)
    for each in document["inputs"]:
        found = filled.get(each["name"])
        each["filled"] = found
        each["unit_text"] = printed(each["unit"])
        each["value"] = _written(found) if found else request.POST.get(each["name"], "")
    return {"calculator": document}


def _written(found: Filled) -> str:
    if isinstance(found.value, bool):
        return "yes" if found.value else "no"
    value = json_value(found.value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _given(request: HttpRequest, calculator: AnyCalculator) -> dict[str, Any]:
    """Return the form's fields as JSON would have them; an empty one was not given."""
    kinds = {each["name"]: each["kind"] for each in calculator_document(calculator)["inputs"]}
    fields = {name: request.POST.get(name, "").strip() for name in kinds}
    return {name: _read(kinds[name], text) for name, text in fields.items() if text}


def _read(kind: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    if kind == "yes or no":
        return YES_OR_NO.get(text, text)
    if kind in NUMBERS:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return text
    return text
