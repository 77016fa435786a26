"""Does the server say how much it can read, and refuse more? A prompt must never be cut in silence."""

from clinical.inference.domain import Refusal
from clinical.inference.remote.checks.questions import Question, ask
from clinical.inference.remote.checks.report import Check, failed, passed, unknown
from clinical.inference.remote.checks.server import Server
from clinical.inference.remote.errors import ServerRefused

_TOKENS_BEYOND = 64


def check_context(server: Server) -> Check:
    """Whether the server says how many tokens one request may use."""
    if server.context_tokens is None:
        return unknown(
            "context size",
            "the server does not say it, so a prompt that leaves no room for its answer would not be seen",
            "use a server that says it: llama-server in /props, vLLM in /v1/models",
        )
    return passed("context size", f"{server.context_tokens} tokens a request")


def check_overlength(server: Server) -> Check:
    """Whether a prompt longer than the context is refused. Every word of it is a token or more."""
    name, fix = "overlength", "start llama-server without --context-shift; use vLLM without truncation"
    if server.context_tokens is None:
        return unknown(name, "the context size is not known", fix)
    words = "dose " * (server.context_tokens + _TOKENS_BEYOND)
    try:
        ask(server, Question(rules="Read.", words=words))
    except ServerRefused as error:
        if error.refusal is Refusal.PROMPT_TOO_LONG:
            return passed(name, "a prompt longer than the context is refused")
        return unknown(name, "a prompt longer than the context is refused, but not for its length", fix)
    return failed(name, "a prompt longer than the context was answered, so it was cut in silence", fix)
