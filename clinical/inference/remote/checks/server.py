"""The server that is being probed: which program it is, and what it says about itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clinical.inference.remote.connection import Deadline, Exchange
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.request import ServerKind
from clinical.inference.remote.responses import find_model

_PREFIX_CACHING = re.compile(r'^vllm:cache_config_info\{[^}\n]*\benable_prefix_caching="(\w+)"', re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server under probe. `props` is what llama-server says of itself; empty for others."""

    endpoint: Endpoint
    model_id: str
    deadline: Deadline
    kind: ServerKind
    entry: Mapping[str, Any]
    props: Mapping[str, Any] = field(default_factory=dict)

    @property
    def slots(self) -> int | None:
        """How many requests a llama-server takes at once; None where it does not say."""
        return _positive(self.props.get("total_slots"))

    @property
    def context_tokens(self) -> int | None:
        """How many tokens one request may use; None where the server does not say."""
        settings = self.props.get("default_generation_settings")
        by_slot = _positive(settings.get("n_ctx")) if isinstance(settings, dict) else None
        return by_slot or _positive(self.entry.get("max_model_len"))

    def status_of(self, path: str, document: Mapping[str, Any] | None = None) -> int:
        """Return the HTTP status of a GET, or of a POST where there is a document."""
        with Exchange(self.endpoint, path, deadline=self.deadline, document=document) as exchange:
            return exchange.status

    def document_of(self, path: str, document: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the JSON object that a path answers with; empty for anything but a 200."""
        with Exchange(self.endpoint, path, deadline=self.deadline, document=document) as exchange:
            return exchange.document() if exchange.status == 200 else {}

    def prefix_caching(self) -> bool | None:
        """Whether vLLM's metrics say that it caches prefixes; None where they do not say."""
        with Exchange(self.endpoint, "/metrics", deadline=self.deadline) as exchange:
            said = _PREFIX_CACHING.findall(exchange.text()) if exchange.status == 200 else []
        return any(value != "False" for value in said) if said else None


def identify(endpoint: Endpoint, model_id: str, deadline: Deadline) -> Server:
    """Return the server with what it says of itself.

    Raises: ServerFault, where it cannot be reached or does not list the model.
    """
    entry = find_model(endpoint, model_id, deadline)
    with Exchange(endpoint, "/props", deadline=deadline) as exchange:
        props = exchange.document() if exchange.status == 200 else {}
    kind = _kind(entry, props)
    return Server(
        endpoint=endpoint, model_id=model_id, deadline=deadline, kind=kind, entry=entry, props=props
    )


def _kind(entry: Mapping[str, Any], props: Mapping[str, Any]) -> ServerKind:
    if entry.get("owned_by") == "vllm":
        return ServerKind.VLLM
    if entry.get("owned_by") == "llamacpp" or "total_slots" in props:
        return ServerKind.LLAMA_SERVER
    return ServerKind.OTHER


def _positive(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
