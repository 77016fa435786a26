"""The start-up probe: refuses a server that keeps prompts, or of which it cannot be shown that it does not.

It asks made-up questions only, and a server passes when every check does. What no probe can see (logs, swap,
memory that is not overwritten) is in docs/remote-models.md.
"""

from collections.abc import Callable

from clinical.errors import EngineError
from clinical.inference.remote.checks.exposure import (
    check_props,
    check_slot_files,
    check_slots_page,
    check_token,
)
from clinical.inference.remote.checks.limits import check_context, check_overlength
from clinical.inference.remote.checks.report import Check, ProbeReport, unknown
from clinical.inference.remote.checks.retention import check_archive, check_drafts, check_prompt_reuse
from clinical.inference.remote.checks.server import Server, identify
from clinical.inference.remote.checks.vocabulary import check_vocabulary, control_markers, unlisted
from clinical.inference.remote.client import RemoteEngine
from clinical.inference.remote.connection import Deadline
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.errors import UnsafeServer
from clinical.inference.remote.request import ServerFacts

PROBE_SECONDS = 120.0

_CHECKS: tuple[tuple[str, Callable[[Server], Check]], ...] = (
    ("who may ask", check_token),
    ("slots page", check_slots_page),
    ("slot files", check_slot_files),
    ("properties page", check_props),
    ("token counts", check_drafts),
    ("prompt reuse", check_prompt_reuse),
    ("prompt archive", check_archive),
    ("context size", check_context),
    ("overlength", check_overlength),
)


def probe_server(endpoint: Endpoint, *, model_id: str) -> ProbeReport:
    """Return every check of the server; about ten short requests, one long one, and questions about its vocabulary.

    Raises: EngineError, where it cannot be reached or does not list the model.
    """
    server = identify(endpoint, model_id, Deadline.after(PROBE_SECONDS))
    checks = [_decided(name, check, server) for name, check in _CHECKS]
    markers = _markers(server)
    facts = ServerFacts(kind=server.kind, context_tokens=server.context_tokens, markers=unlisted(markers))
    return ProbeReport(
        address=str(endpoint),
        model_id=model_id,
        server=facts,
        checks=(*checks, check_vocabulary(markers)),
    )


def connect(endpoint: Endpoint, *, model_id: str) -> RemoteEngine:
    """Return the engine on a server that passed the probe.

    Raises: UnsafeServer, which lists every check that did not pass and its fix; EngineError.
    """
    report = probe_server(endpoint, model_id=model_id)
    check_report(report)
    return RemoteEngine(endpoint, model_id=model_id, server=report.server)


def check_report(report: ProbeReport) -> None:
    """Raise where a check did not pass. Raises: UnsafeServer."""
    if not report.is_safe:
        lines = [f"- {check.name}: {check.evidence}. Fix: {check.fix}." for check in report.failures]
        raise UnsafeServer("\n".join([f"{report.address} may not be given patient data:", *lines]))


def _decided(name: str, check: Callable[[Server], Check], server: Server) -> Check:
    """Return the check's result; one that the server broke off could not be decided."""
    try:
        return check(server)
    except EngineError as error:
        return unknown(name, str(error), "see the server's log")


def _markers(server: Server) -> frozenset[str]:
    """Return the vocabulary's control markers; none where the server breaks off, which is a check that fails."""
    try:
        return control_markers(server)
    except EngineError:
        return frozenset()
