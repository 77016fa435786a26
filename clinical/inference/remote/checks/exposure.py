"""Does the server show prompts to those who ask, or take them from anyone? Asked by asking."""

from dataclasses import replace

from clinical.inference.remote.checks.report import Check, failed, passed
from clinical.inference.remote.checks.server import Server
from clinical.inference.remote.request import ServerKind


def check_slots_page(server: Server) -> Check:
    """Whether llama-server's page about its slots, which may show what is in them, is closed."""
    status = server.status_of("/slots")
    if status == 200:
        return failed("slots page", "GET /slots can be read", "start llama-server with --no-slots")
    return passed("slots page", f"GET /slots answers HTTP {status}")


def check_slot_files(server: Server) -> Check:
    """Whether slots cannot be saved to files. The action does not exist, so nothing happens where they can."""
    status = server.status_of("/slots/0?action=none", {})
    if server.kind is ServerKind.LLAMA_SERVER and status not in {403, 404, 501}:
        return failed(
            "slot files",
            f"POST /slots/0 is open (HTTP {status}), so prompts can be written to disk",
            "start llama-server without --slot-save-path",
        )
    return passed("slot files", f"POST /slots/0 answers HTTP {status}")


def check_props(server: Server) -> Check:
    """Whether llama-server's page about itself shows no prompt and can only be read."""
    name = "properties page"
    settings = server.props.get("default_generation_settings")
    if isinstance(settings, dict) and settings.get("prompt"):
        return failed(name, "GET /props shows a prompt", "use a llama-server that does not (2025 or later)")
    if server.props.get("endpoint_props") is True:
        return failed(name, "POST /props may change the server", "start llama-server without --props")
    return passed(name, "GET /props shows no prompt" if server.props else "there is none")


def check_token(server: Server) -> Check:
    """Whether strangers are turned away: whoever may ask may also ask the server to compare prompts."""
    name, endpoint = "who may ask", server.endpoint
    if endpoint.token is None:
        return _without_token(server)
    stranger = replace(server, endpoint=replace(endpoint, token=None))
    status = stranger.status_of("/v1/chat/completions", {})
    if status in {401, 403}:
        return passed(name, f"without the token the server answers HTTP {status}")
    return failed(
        name,
        f"the server does not ask for the token (HTTP {status} without it)",
        "start llama-server with --api-key-file, or vLLM with --api-key",
    )


def _without_token(server: Server) -> Check:
    name, endpoint = "who may ask", server.endpoint
    if endpoint.scheme == "unix":
        return passed(name, "whoever may open the Unix socket; see to its owner and mode")
    if endpoint.scheme == "http":
        return passed(name, "every process of this machine; where it is shared, use a Unix socket or a token")
    if endpoint.tls.client_certificate is not None:
        return passed(name, "whoever has a client certificate that the server accepts")
    return failed(
        name,
        "anyone on the network: there is neither a token nor a client certificate",
        "start llama-server with --api-key-file, or vLLM with --api-key, and set TACIT_ENGINE_TOKEN",
    )
