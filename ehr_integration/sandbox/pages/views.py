"""The demo EHR's pages: sign in, patients, one record with its cards, and the launcher."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.cds.client import CdsClient, CdsUnavailable, Firing
from ehr_integration.sandbox.cds.orders import ORDERS, draft_order
from ehr_integration.sandbox.pages.record import record_of
from ehr_integration.sandbox.pages.rendering import Pages
from ehr_integration.sandbox.pages.sessions import Sessions, UserSession
from ehr_integration.sandbox.practitioners import NAMES
from ehr_integration.sandbox.reading import form_of, json_of, origin_of
from ehr_integration.sandbox.smart.clients import Client
from ehr_integration.sandbox.smart.memory import Context, Memory
from ehr_integration.sandbox.store import Store

HOOKS = frozenset({"patient-view", "order-select", "order-sign", "encounter-start"})
OUTCOMES = frozenset({"accepted", "overridden"})


@dataclass(frozen=True, kw_only=True)
class EhrPages:
    """All pages, over one store."""

    store: Store
    pages: Pages
    sessions: Sessions
    memory: Memory
    clients: Mapping[str, Client]
    cds: CdsClient

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/", self.home),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/launcher", self.launcher),
            Route("/launch", self.launch, methods=["POST"]),
            Route("/patients/{id}", self.patient),
            Route("/patients/{id}/hooks/{hook}", self.hook, methods=["POST"]),
            Route("/patients/{id}/feedback", self.feedback, methods=["POST"]),
        ]

    async def home(self, request: Request) -> Response:
        """List the patients."""
        if self.sessions.of(request) is None:
            return self.pages.sign_in(request, back_to="/")
        wanted = request.query_params.get("name", "").casefold()
        found = [each for each in self.pages.patients() if wanted in str(each["name"][0]["text"]).casefold()]
        rows = [(each, record_of(self.store, each["id"])) for each in found]
        return self.pages.show(
            request, "patients.html", rows=rows, wanted=request.query_params.get("name", "")
        )

    async def sign_in(self, request: Request) -> Response:
        """Become one of the doctors."""
        form = await form_of(request)
        back = form.get("back_to", "/")
        response = RedirectResponse(back if back.startswith("/") and not back.startswith("//") else "/", 303)
        if form.get("user") in NAMES:
            self.sessions.begin(response, form["user"])
        return response

    async def sign_out(self, request: Request) -> Response:
        """Sign out."""
        session = self.sessions.proven(request, await form_of(request))
        response = RedirectResponse("/", 303)
        if session is not None:
            self.sessions.end(response, session)
        return response

    async def patient(self, request: Request) -> Response:
        """Show one record."""
        if self.sessions.of(request) is None:
            return self.pages.sign_in(request, back_to=request.url.path)
        patient = self.store.read("Patient", request.path_params["id"])
        if patient is None:
            return self.pages.show(request, "no_patient.html", status=404)
        record = record_of(self.store, patient["id"])
        return self.pages.show(request, "patient.html", patient=patient, record=record, orders=ORDERS)

    async def launcher(self, request: Request) -> Response:
        """Choose an app, a patient and how to launch."""
        if self.sessions.of(request) is None:
            return self.pages.sign_in(request, back_to="/launcher")
        apps = [client for client in self.clients.values() if client.launch_url]
        return self.pages.show(request, "launcher.html", apps=apps)

    async def launch(self, request: Request) -> Response:
        """Launch an app: send the browser to its launch address with a launch parameter of ours."""
        form = await form_of(request)
        session, client = self.sessions.proven(request, form), self.clients.get(form.get("client", ""))
        if session is None or client is None or not client.launch_url:
            return self.pages.show(request, "no_patient.html", status=400)
        patient = form.get("patient", "")
        context = Context(
            session=session.id,
            user=session.user,
            patient=patient if self.store.read("Patient", patient) else "",
            encounter=_open_encounter(self.store, patient),
            app_context=form.get("app_context", ""),
            need_patient_banner=form.get("banner") == "yes",
        )
        query = {"iss": f"{origin_of(request)}/fhir", "launch": self.memory.new_launch(context)}
        return RedirectResponse(f"{client.launch_url}?{urlencode(query)}", 303)

    async def hook(self, request: Request) -> Response:
        """Fire a hook, and return the cards."""
        sent, hook, patient = await json_of(request), request.path_params["hook"], request.path_params["id"]
        session = self.sessions.proven(request, sent)
        if session is None or hook not in HOOKS:
            return JSONResponse({"problem": "Sign in again."}, status_code=403)
        more = self._context(hook, str(sent.get("order", "")), patient, session)
        firing = Firing(
            hook=hook,
            origin=origin_of(request),
            session=session.id,
            user=session.user,
            patient=patient,
            more=more,
        )
        try:
            return JSONResponse({"cards": await self.cds.cards(firing)})
        except CdsUnavailable as error:
            return JSONResponse({"cards": [], "problem": str(error)})

    def _context(self, hook: str, order: str, patient: str, session: UserSession) -> Resource:
        encounter = _open_encounter(self.store, patient)
        seen = {"encounterId": encounter} if encounter else {}
        if hook == "encounter-start":
            return {"encounterId": encounter or f"{patient}-today"}
        if not hook.startswith("order-") or order not in ORDERS:
            return seen
        draft = draft_order(order, patient=patient, user=session.user)
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": draft}]}
        selected = {"selections": [f"MedicationRequest/{draft['id']}"]} if hook == "order-select" else {}
        return {**seen, **selected, "draftOrders": bundle}

    async def feedback(self, request: Request) -> Response:
        """Pass on what became of a card."""
        sent = await json_of(request)
        if self.sessions.proven(request, sent) is None or sent.get("outcome") not in OUTCOMES:
            return JSONResponse({"problem": "Sign in again."}, status_code=403)
        entry: Resource = {
            "card": sent.get("card"),
            "outcome": sent["outcome"],
            "outcomeTimestamp": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        if sent.get("suggestion"):
            entry["acceptedSuggestions"] = [{"id": sent["suggestion"]}]
        if isinstance(sent.get("reason"), dict):
            entry["overrideReason"] = {"reason": sent["reason"]}
        try:
            await self.cds.feedback(origin_of(request), str(sent.get("service")), {"feedback": [entry]})
        except CdsUnavailable as error:
            return JSONResponse({"problem": str(error)})
        return JSONResponse({})


def _open_encounter(store: Store, patient: str) -> str:
    """Return the id of the patient's encounter in progress, or of the newest."""
    own = [each for each in store.all("Encounter") if each["subject"]["reference"] == f"Patient/{patient}"]
    own.sort(key=lambda each: (each["status"] == "in-progress", str(each["period"].get("start"))))
    return str(own[-1]["id"]) if own else ""
