"""What happens to every request before its route: the demanded delay, and the check of `Accept`."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ehr_integration.sandbox.outcome import operation_outcome
from ehr_integration.sandbox.responses import FhirResponse

JSON_RANGES = {"application/fhir+json", "application/json", "application/*", "*/*"}


class SlowAnswer:
    """Waits before every answer, to show how a client bears a slow EHR."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app, self.seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer after the delay."""
        await asyncio.sleep(self.seconds)
        await self.app(scope, receive, send)


class OnlyJson:
    """Answers 406 where a client of the FHIR API accepts no JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the next app, or with an OperationOutcome."""
        app = self.app
        if scope.get("path", "").startswith("/fhir") and not _accepts_json(
            Headers(scope=scope).getlist("accept")
        ):
            outcome = operation_outcome(
                "not-supported", "Only application/fhir+json is served: change Accept."
            )
            app = FhirResponse(outcome, status_code=406)
        await app(scope, receive, send)


def _accepts_json(accept: list[str]) -> bool:
    ranges = {media.split(";")[0].strip().lower() for media in ",".join(accept).split(",")} - {""}
    return not ranges or bool(ranges & JSON_RANGES)
