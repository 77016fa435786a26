"""The doctor's page, for administrators: choose a registered EHR, read what was found, copy what to tell its team."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from compliance.access.domain import Action, Actor
from compliance.access.models import signed_in_actor
from compliance.access.services import authorize_use, may
from compliance.errors import AccessDenied
from ehr_integration.connections.errors import UnknownEhr
from ehr_integration.connections.store import connection_named, connections
from ehr_integration.doctor.examining import examine
from ehr_integration.fhir.origin import is_fhir_id

NO_ID = "This is no FHIR id: up to 64 letters, digits, hyphens and dots."


@require_http_methods(["GET", "HEAD", "POST"])
def doctor(request: HttpRequest) -> HttpResponse:
    """Show the registered EHRs; where one was chosen, examine it."""
    actor = signed_in_actor(request.user)
    if not may(actor, Action.CHECK_CONNECTION):
        _recorded(actor, "")
    page: dict[str, object] = {"connections": connections(), "chosen": request.POST.get("ehr", "")}
    patient_id = request.POST.get("patient", "").strip()
    if patient_id and not is_fhir_id(patient_id):
        return render(request, "doctor/doctor.html", {**page, "error": NO_ID}, status=400)
    if request.method == "POST":
        page |= _examined(actor, request.POST.get("ehr", ""), patient_id=patient_id)
    return render(request, "doctor/doctor.html", page)


def _examined(actor: Actor, name: str, *, patient_id: str) -> dict[str, object]:
    try:
        connection = connection_named(name)
    except UnknownEhr:
        raise Http404 from None
    _recorded(actor, connection.name)
    found = examine(connection, patient_id=patient_id)
    letter = "\n\n".join(f"{number}. {text}" for number, text in enumerate(found.to_tell(), start=1))
    return {"examination": found, "letter": letter}


def _recorded(actor: Actor, ehr: str) -> None:
    """Record the examination before it begins. Raises: PermissionDenied, for whom it is not."""
    try:
        authorize_use(actor, action=Action.CHECK_CONNECTION, detail={"ehr": ehr} if ehr else {})
    except AccessDenied as error:
        raise PermissionDenied from error
