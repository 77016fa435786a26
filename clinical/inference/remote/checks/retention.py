"""Does the server keep prompts? Asked by asking twice."""

from clinical.inference.remote.checks.questions import Reading, ask, new_question
from clinical.inference.remote.checks.report import Check, failed, passed, unknown
from clinical.inference.remote.checks.server import Server
from clinical.inference.remote.request import ServerKind

REUSE_FIXES = {
    ServerKind.LLAMA_SERVER: "start llama-server with --no-cache-prompt",
    ServerKind.VLLM: "start vLLM with --no-enable-prefix-caching, and let its /metrics be read",
    ServerKind.OTHER: "use a server that says how many tokens it reused: llama-server with --no-cache-prompt, or "
    "vLLM with --no-enable-prefix-caching",
}
ARCHIVE_FIX = "start llama-server with --cache-ram 0 --no-cache-idle-slots"
# A repeated prompt that begins its answer this much sooner was not read again.
_SUSPICIOUS_RATIO = 0.5


def check_drafts(server: Server) -> Check:
    """Whether a draft is taken as drafts are sent, and its tokens are counted."""
    counts = ask(server, new_question()).counts
    if counts.prompt is None or counts.written is None:
        return failed(
            "token counts",
            "a streamed answer does not say how many tokens were read and written, so a cut prompt would not be seen",
            "use a server that supports stream_options.include_usage, as llama-server and vLLM do",
        )
    return passed(
        "token counts", f"a streamed answer counts {counts.prompt} tokens read, {counts.written} written"
    )


def check_prompt_reuse(server: Server) -> Check:
    """Whether a prompt that is asked twice, with the server's own settings, is read twice."""
    name, fix, question = "prompt reuse", REUSE_FIXES[server.kind], new_question()
    first, second = ask(server, question, {}), ask(server, question, {})
    if second.counts.reused:
        return failed(
            name, f"of a repeated prompt {second.counts.reused} tokens came from the earlier request", fix
        )
    if server.kind is ServerKind.VLLM:
        return _by_metrics(server)
    if second.counts.reused == 0:
        return passed(name, f"all {second.counts.prompt} tokens of a repeated prompt were read again")
    return _by_time(first, second, fix)


def check_archive(server: Server) -> Check:
    """Whether llama-server holds earlier prompts in memory after their slots went to others."""
    name = "prompt archive"
    if server.kind is not ServerKind.LLAMA_SERVER:
        return passed(name, "only llama-server has one")
    if server.slots is None:
        return unknown(
            name, "the server does not say how many slots it has", "use a llama-server with /props"
        )
    question, reuse = new_question(), {"cache_prompt": True}
    ask(server, question, reuse)
    for _ in range(server.slots):
        ask(server, new_question(), reuse)
    counts = ask(server, question, reuse).counts
    if counts.prompt is None or counts.reused is None:
        return unknown(name, "the server does not say how many tokens it reused", ARCHIVE_FIX)
    # A few tokens of the template are the same in every prompt.
    if counts.reused > counts.prompt // 2:
        return failed(
            name,
            f"after {server.slots} other requests {counts.reused} of {counts.prompt} tokens of an earlier prompt "
            "were still there",
            ARCHIVE_FIX,
        )
    return passed(name, f"an earlier prompt was gone after {server.slots} other requests")


def _by_metrics(server: Server) -> Check:
    """Return what vLLM's metrics say: its answers leave the count out where it is 0, and by default always."""
    name, fix = "prompt reuse", REUSE_FIXES[ServerKind.VLLM]
    caches = server.prefix_caching()
    if caches is None:
        return unknown(name, "/metrics does not say whether prefix caching is on", fix)
    if caches:
        return failed(name, "/metrics says that prefix caching is on", fix)
    return passed(name, "/metrics says that prefix caching is off, and no answer reused a token")


def _by_time(first: Reading, second: Reading, fix: str) -> Check:
    """Return what the clock says; it can convict a server, and never acquit it."""
    name = "prompt reuse"
    times = (
        f"a new prompt took {first.seconds_to_first:.3f} s, the same again {second.seconds_to_first:.3f} s"
    )
    if second.seconds_to_first < first.seconds_to_first * _SUSPICIOUS_RATIO:
        return failed(name, f"a repeated prompt was not read again: {times}", fix)
    return unknown(name, f"the server does not say how many tokens it reused ({times})", fix)
