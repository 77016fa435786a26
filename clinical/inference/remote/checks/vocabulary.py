"""Which control markers the served model's vocabulary knows, so that content with one is refused."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from clinical.inference.remote.checks.report import Check, passed, unknown
from clinical.inference.remote.checks.server import Server
from clinical.inference.remote.markers import BARRED_EXAMPLES, KNOWN, find_marker
from clinical.inference.remote.request import ServerKind

# What looks like a marker in a chat template: <word>, [WORD], <<WORD>>.
_LITERAL = re.compile(r"<{1,2}[^<>\s{}%'\"]{1,40}>{1,2}|\[/?[A-Za-z_]{2,30}\]")


def control_markers(server: Server) -> frozenset[str]:
    """Return the known markers, and those of the server's own template, that are one control token there."""
    is_control = _TESTS.get(server.kind)
    if is_control is None:
        return frozenset()
    return frozenset(marker for marker in _candidates(server) if is_control(server, marker))


def unlisted(markers: Iterable[str]) -> frozenset[str]:
    """Return those that `find_marker` would not find by itself."""
    return frozenset(marker for marker in markers if find_marker(marker) is None)


def check_vocabulary(markers: frozenset[str]) -> Check:
    """Whether the vocabulary's control markers are known."""
    name = "control markers"
    if not markers:
        return unknown(
            name,
            "none of the known control markers is in the vocabulary, or the server has no /tokenize: text could "
            "hold one that is not recognised",
            "let the server's /tokenize be reached, and use a model of a known template family",
        )
    own = unlisted(markers)
    more = f", {len(own)} of them this model's own: {', '.join(sorted(own))}" if own else ""
    return passed(name, f"{len(markers)} are in the vocabulary{more}; text with one is refused")


def _candidates(server: Server) -> set[str]:
    said = [server.props.get(key) for key in ("chat_template", "bos_token", "eos_token")]
    template, *ends = [value if isinstance(value, str) else "" for value in said]
    return {*KNOWN, *BARRED_EXAMPLES, *_LITERAL.findall(template), *filter(None, ends)}


def _is_control_in_llama_server(server: Server, marker: str) -> bool:
    """Whether the marker is read otherwise where control tokens are looked for."""
    with_control, without = (
        _tokens(server, {"content": marker, "add_special": False, "parse_special": parse})
        for parse in (True, False)
    )
    return bool(with_control) and with_control != without


def _is_control_in_vllm(server: Server, marker: str) -> bool:
    """Whether the marker is a single token, which no ordinary text of its form is."""
    question = {"model": server.model_id, "prompt": marker, "add_special_tokens": False}
    return len(_tokens(server, question)) == 1


def _tokens(server: Server, question: dict[str, Any]) -> list[Any]:
    tokens = server.document_of("/tokenize", question).get("tokens")
    return tokens if isinstance(tokens, list) else []


_TESTS: dict[ServerKind, Callable[[Server, str], bool]] = {
    ServerKind.LLAMA_SERVER: _is_control_in_llama_server,
    ServerKind.VLLM: _is_control_in_vllm,
}
