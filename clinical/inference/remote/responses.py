"""What a server's plain responses mean: refusals and failures as our errors, and the list of its models."""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

from clinical.errors import EngineError, EngineTimeout
from clinical.inference.domain import Refusal
from clinical.inference.remote.connection import Deadline, Exchange
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.errors import ServerBusy, ServerFault, ServerRefused, ServerUnreachable

# llama-server and llama_cpp.server name the error; vLLM only words it.
_TOO_LONG_NAMES = {"exceed_context_size_error", "context_length_exceeded"}
_TOO_LONG_WORDS = re.compile(r"context (length|size|window)|maximum model length", re.IGNORECASE)
_SCHEMA_WORDS = re.compile(r"schema|grammar|response_format|guided|structured", re.IGNORECASE)
_SETTINGS = {
    401: "the token: check TACIT_ENGINE_TOKEN",
    403: "the token: check TACIT_ENGINE_TOKEN",
    404: "the model or the address: check TACIT_ENGINE_MODEL and TACIT_ENGINE_URL",
    405: "the address: check TACIT_ENGINE_URL",
}


def error_of(exchange: Exchange, *, has_schema: bool = False) -> EngineError:
    """Return what a response that is not 200 means. The server's own words are never quoted: they may echo ours."""
    status = exchange.status
    if status in {429, 502, 503}:
        return _try_again(exchange)
    if status in {408, 504}:
        return EngineTimeout(f"The model server or a proxy before it gave up waiting (HTTP {status})")
    if status in _SETTINGS:
        return ServerFault(f"The model server did not accept {_SETTINGS[status]} (HTTP {status})")
    if 300 <= status < 400:
        return ServerFault(
            f"The model server redirects (HTTP {status}), which is not followed: set TACIT_ENGINE_URL to where it "
            "really is"
        )
    if 400 <= status < 500:
        return _refusal(exchange, has_schema=has_schema)
    return ServerFault(f"The model server failed (HTTP {status}): see its log")


def find_model(endpoint: Endpoint, model_id: str, deadline: Deadline) -> dict[str, Any]:
    """Return the server's entry for the model.

    Raises: ServerFault, also where the server does not list the model.
    """
    with Exchange(endpoint, "/v1/models", deadline=deadline) as exchange:
        if exchange.status != 200:
            raise error_of(exchange)
        models = exchange.document().get("data")
    entries = [entry for entry in models if isinstance(entry, dict)] if isinstance(models, list) else []
    for entry in entries:
        if entry.get("id") == model_id:
            return entry
    raise ServerFault(
        f"{endpoint} does not list the model {model_id!r}: set TACIT_ENGINE_MODEL to a name that its /v1/models shows"
    )


def _try_again(exchange: Exchange) -> EngineError:
    if exchange.status == 502:
        return ServerUnreachable("A proxy cannot reach the model server (HTTP 502): check that it runs")
    wait = _seconds(exchange.header("Retry-After"))
    return ServerBusy("The model server takes no more requests now: try again in a moment", wait)


def _seconds(retry_after: str) -> float | None:
    """Return the seconds that the header asks to wait. Source: RFC 9110, 10.2.3."""
    if retry_after.isdecimal() and len(retry_after) < 10:
        return float(retry_after)
    try:
        return max(parsedate_to_datetime(retry_after).timestamp() - time.time(), 0.0)
    except ValueError:
        return None


def _refusal(exchange: Exchange, *, has_schema: bool) -> ServerRefused:
    name, words = _error_words(exchange)
    if exchange.status == 413 or name in _TOO_LONG_NAMES or _TOO_LONG_WORDS.search(words):
        return ServerRefused(
            Refusal.PROMPT_TOO_LONG, "the prompt and its answer do not fit the model's context"
        )
    if has_schema and _SCHEMA_WORDS.search(words):
        return ServerRefused(Refusal.SCHEMA_UNUSABLE, "the model server cannot write to this JSON schema")
    return ServerRefused(
        Refusal.MALFORMED,
        f"the model server did not accept the request (HTTP {exchange.status}): see its log",
    )


def _error_words(exchange: Exchange) -> tuple[str, str]:
    document = exchange.document()
    error = document.get("error")
    inner = error if isinstance(error, dict) else document
    names = [str(inner.get(key, "")) for key in ("type", "code")]
    name = next((name for name in names if name in _TOO_LONG_NAMES), "")
    return name, str(inner.get("message") or inner.get("detail") or "")
