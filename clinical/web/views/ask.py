"""The clinician's page: choose a patient, ask, read the answer; whole, or as it comes."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinical.answers.asking.questions import LONGEST_QUESTION
from clinical.answers.document import answer_document
from clinical.answers.domain import AnswerEvent, Audience, Mode, Query
from clinical.answers.services import answer_question, last_event
from clinical.answers.streaming import Rendered, event_stream, json_event
from clinical.cds_services.questions import question_of
from clinical.launched import RecordSource, record_source
from clinical.problems import problem_document
from clinical.specialties.services import specialties
from clinical.web.errors import EXPECTED, problems_shown
from compliance.access.domain import Actor, Purpose
from compliance.access.models import signed_in_actor
from compliance.access.services import authorize_patients_in_care
from compliance.errors import AccessDenied
from ehr_integration.chart.domain import Patient
from ehr_integration.chart.services import read_patients


@require_http_methods(["GET", "HEAD", "POST"])
@problems_shown
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form; where a question was sent, the whole answer below it."""
    page: dict[str, Any] = {
        "question": _question(request),
        "chosen": request.POST.get("patient", ""),
        "longest_question": LONGEST_QUESTION,
        "specialties": specialties(),
        "specialty": request.POST.get("specialty", ""),
    }
    try:
        source = record_source(request)
        page |= _as_launched(source, page)
        page["patients"] = patients_in_care(signed_in_actor(request.user), source)
        if request.method == "POST":
            finished = last_event(_events(request, source))
            page["answer"] = answer_document(finished.answer, finished.receipt, question=finished.question)
    except AccessDenied:
        raise
    except EXPECTED as error:
        page["problem"] = problem_document(error)
    return render(request, "web/ask.html", page, status=page.get("problem", {}).get("status", 200))


@require_POST
@problems_shown
def ask_stream(request: HttpRequest) -> HttpResponseBase:
    """Send the answer's parts as server-sent events, each as the HTML that the whole page shows too."""
    return event_stream(
        _events(request, record_source(request)), render=_event_as_html, render_problem=_problem_as_html
    )


def _as_launched(source: RecordSource, page: dict[str, Any]) -> dict[str, Any]:
    """Return what the EHR's launch has decided: the patient, the banner, and the question of a card's link."""
    if source.launch is None:
        return {}
    asked = question_of(source.launch.app_context) or ""
    return {
        "launch": source.launch,
        "chosen": source.patient or page["chosen"],
        "question": page["question"] or asked,
    }


def _events(request: HttpRequest, source: RecordSource) -> Iterator[AnswerEvent]:
    patient_id = request.POST.get("patient", "")
    source.check_patient(patient_id)
    return answer_question(
        signed_in_actor(request.user),
        Query(
            patient_id=patient_id,
            question=_question(request),
            mode=_mode(request),
            audience=_audience(request),
            specialty=request.POST.get("specialty", ""),
        ),
        endpoint=source.endpoint,
    )


def _question(request: HttpRequest) -> str:
    # Forms send each line break as two characters; the limit counts it as one, as the text field does.
    return request.POST.get("question", "").replace("\r\n", "\n")


def _mode(request: HttpRequest) -> Mode:
    return Mode.FAST if request.POST.get("mode") == Mode.FAST else Mode.THOROUGH


def _audience(request: HttpRequest) -> Audience:
    return Audience.PATIENT if "handout" in request.POST else Audience.CLINICIAN


def patients_in_care(actor: Actor, source: RecordSource) -> list[dict[str, str]]:
    """Return the patients to choose from, by name; each is recorded as read."""
    grants = authorize_patients_in_care(actor, purpose=Purpose.TREATMENT, only=source.patient)
    patients = sorted(
        read_patients(grants, endpoint=source.endpoint), key=lambda patient: patient.name.casefold()
    )
    return [{"id": patient.id, "label": _label(patient)} for patient in patients]


def _label(patient: Patient) -> str:
    age = patient.age_years(timezone.localdate())
    return f"{patient.name}, {'age not known' if age is None else f'{age} years'}, {patient.sex}"


def _event_as_html(event: AnswerEvent) -> Rendered:
    name, document = json_event(event)
    # A claim goes by its name on the page too; an answer is shown in parts, and saved as a whole.
    context = {"claim": document} if name == "claim" else {**document, "answer": document}
    return name, {"html": render_to_string(f"web/answer/{name}.html", context)}


def _problem_as_html(document: dict[str, Any]) -> Rendered:
    return "problem", {"html": render_to_string("web/answer/problem.html", {"problem": document})}
