"""The endpoints of the authorization server, and the page on which its user decides."""

import time
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ehr_integration.sandbox.pages.rendering import Pages
from ehr_integration.sandbox.pages.sessions import Sessions, UserSession
from ehr_integration.sandbox.reading import form_of, origin_of
from ehr_integration.sandbox.smart.assertions import authenticated
from ehr_integration.sandbox.smart.authorizing import AuthorizationRequest, client_of, read_request
from ehr_integration.sandbox.smart.clients import Client
from ehr_integration.sandbox.smart.configuration import smart_configuration
from ehr_integration.sandbox.smart.errors import ClientUnknown, OAuthError
from ehr_integration.sandbox.smart.memory import CODE_SECONDS, Code, Context, Memory
from ehr_integration.sandbox.smart.signing import EhrKey
from ehr_integration.sandbox.smart.tokens import TokenMaker

Answer = Callable[[Request, Mapping[str, str], Client], Awaitable[Response]]

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class AuthorizationServer:
    """Decides who may see what; `patients` are the ids that a standalone launch may choose from."""

    def __init__(
        self, *, clients: Mapping[str, Client], memory: Memory, key: EhrKey, sessions: Sessions, pages: Pages
    ) -> None:
        self._clients, self._memory, self._key = clients, memory, key
        self._sessions, self._pages = sessions, pages
        self._tokens = TokenMaker(memory, key)

    def routes(self) -> list[Route]:
        """Return the endpoints."""
        return [
            Route("/fhir/.well-known/smart-configuration", self.configuration),
            Route("/.well-known/jwks.json", self.key_set),
            Route("/auth/authorize", self.authorize),
            Route("/auth/decide", self.decide, methods=["POST"]),
            Route("/auth/token", self.token, methods=["POST"]),
            Route("/auth/revoke", self.revoke, methods=["POST"]),
            Route("/auth/introspect", self.introspect, methods=["POST"]),
        ]

    async def configuration(self, request: Request) -> Response:
        """Return what this server is and can."""
        return JSONResponse(smart_configuration(origin_of(request)))

    async def key_set(self, request: Request) -> Response:
        """Return the EHR's public key."""
        return JSONResponse(self._key.public_set(), headers={"Cache-Control": "public, max-age=300"})

    async def authorize(self, request: Request) -> Response:
        """Send the browser back with a code, or ask first where the app began the launch."""
        params = dict(request.query_params)
        try:
            client = client_of(params, self._clients)
        except ClientUnknown:
            return self._pages.show(request, "unknown_client.html", status=400)
        try:
            asked = read_request(params, client, fhir_base=f"{origin_of(request)}/fhir")
            return self._launched(request, asked) if asked.launch else self._ask(request, asked, params)
        except OAuthError as error:
            return self._back(request, params, {"error": error.error, "error_description": error.description})

    def _launched(self, request: Request, asked: AuthorizationRequest) -> Response:
        context = self._memory.take_launch(asked.launch)
        session = self._sessions.of(request)
        if context is None or session is None or context.session != session.id:
            raise OAuthError(
                "invalid_request", "The launch is unknown, was used, or belongs to another browser."
            )
        return self._grant(request, asked, context)

    def _ask(self, request: Request, asked: AuthorizationRequest, params: Mapping[str, str]) -> Response:
        if "launch" in params.get("scope", "").split():
            raise OAuthError("invalid_request", "The scope launch needs the launch parameter of the EHR.")
        session = self._sessions.of(request)
        if session is None:
            return self._pages.sign_in(request, back_to=f"{request.url.path}?{request.url.query}")
        return self._pages.show(
            request,
            "authorize.html",
            client=asked.client,
            scopes=asked.scope.split(),
            chooses_patient="launch/patient" in asked.scope.split(),
            query=request.url.query,
            session=session,
        )

    async def decide(self, request: Request) -> Response:
        """Take the user's decision about a standalone launch."""
        form = await form_of(request)
        session = self._sessions.proven(request, form)
        params = dict(parse_qsl(form.get("query", "")))
        try:
            client = client_of(params, self._clients)
            asked = read_request(params, client, fhir_base=f"{origin_of(request)}/fhir")
        except (ClientUnknown, OAuthError):
            return self._pages.show(request, "unknown_client.html", status=400)
        if session is None:
            return self._pages.show(request, "unknown_client.html", status=400)
        if form.get("decision") != "allow":
            return self._back(request, params, {"error": "access_denied"})
        return self._grant(request, asked, _chosen(session, asked, form.get("patient", "")))

    def _grant(self, request: Request, asked: AuthorizationRequest, context: Context) -> Response:
        code = Code(
            client_id=asked.client.client_id,
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            scope=asked.scope,
            nonce=asked.nonce,
            context=context,
            ends_at=time.time() + CODE_SECONDS,
        )
        params = {"redirect_uri": asked.redirect_uri, "state": asked.state}
        return self._back(request, params, {"code": self._memory.new_code(code)})

    def _back(self, request: Request, params: Mapping[str, str], answer: Mapping[str, str]) -> Response:
        query = {**answer, "state": params.get("state", ""), "iss": origin_of(request)}
        mark = "&" if "?" in params["redirect_uri"] else "?"
        return RedirectResponse(f"{params['redirect_uri']}{mark}{urlencode(query)}", status_code=302)

    async def token(self, request: Request) -> Response:
        """Return tokens."""
        return await self._answered(request, self._token)

    async def _token(self, request: Request, form: Mapping[str, str], client: Client) -> Response:
        origin = origin_of(request)
        answer = self._tokens.for_form(form, client, fhir_base=f"{origin}/fhir", issuer=origin)
        return JSONResponse(answer, headers=NO_STORE)

    async def revoke(self, request: Request) -> Response:
        """End a token, and all that came of the same code (RFC 7009)."""
        return await self._answered(request, self._revoke)

    async def _revoke(self, request: Request, form: Mapping[str, str], client: Client) -> Response:
        text = form.get("token", "")
        token = self._memory.access.get(text) or self._memory.refresh.get(text)
        if token is not None and token.client_id == client.client_id:
            self._memory.revoke_family(token.family)
        return Response(status_code=200, headers=NO_STORE)

    async def introspect(self, request: Request) -> Response:
        """Say what a token is (RFC 7662)."""
        return await self._answered(request, self._introspect)

    async def _introspect(self, request: Request, form: Mapping[str, str], client: Client) -> Response:
        token = self._memory.token(form.get("token", ""))
        if token is None or token.client_id != client.client_id:
            return JSONResponse({"active": False}, headers=NO_STORE)
        answer = {
            "active": True,
            "scope": token.scope,
            "client_id": token.client_id,
            "exp": int(token.ends_at),
        }
        patient = {"patient": token.context.patient} if token.context.patient else {}
        return JSONResponse(answer | patient, headers=NO_STORE)

    async def _answered(self, request: Request, answer: Answer) -> Response:
        try:
            form = await form_of(request)
            token_url = f"{origin_of(request)}/auth/token"
            client = await authenticated(
                form, clients=self._clients, memory=self._memory, token_url=token_url
            )
            return await answer(request, form, client)
        except OAuthError as error:
            body = {"error": error.error, "error_description": error.description}
            return JSONResponse(body, status_code=error.status, headers=NO_STORE)


def _chosen(session: UserSession, asked: AuthorizationRequest, patient: str) -> Context:
    chooses = "launch/patient" in asked.scope.split()
    return Context(session=session.id, user=session.user, patient=patient if chooses else "")
