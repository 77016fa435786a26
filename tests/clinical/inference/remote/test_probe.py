"""The probe lets a server pass that keeps nothing, and names the flag for each thing that another keeps."""

import json
from typing import Any

import pytest

from clinical.errors import EngineUnavailable
from clinical.inference.remote.checks.report import Outcome
from clinical.inference.remote.errors import UnsafeServer
from clinical.inference.remote.request import ServerKind
from tests.clinical.inference.drafts import bedside
from tests.clinical.inference.remote.imitation import CONTEXT_TOKENS, LlamaServer, Settings, Vllm
from tests.clinical.inference.remote.loopback import Loopback, Reply, json_reply
from tests.clinical.inference.remote.writing import connected, probed, written


@pytest.mark.parametrize(
    ("imitation", "kind"), [(LlamaServer, ServerKind.LLAMA_SERVER), (Vllm, ServerKind.VLLM)]
)
@pytest.mark.parametrize("token", [None, "sk-secret"])
def test_a_server_that_keeps_nothing_passes(
    server: Loopback, imitation: Any, kind: ServerKind, token: str | None
) -> None:
    server.reply_to = imitation(Settings(token=token))
    report = probed(server.url, token=token)
    assert report.is_safe
    assert report.server.kind is kind
    assert report.server.context_tokens == CONTEXT_TOKENS
    assert {check.outcome for check in report.checks} == {Outcome.PASSED}
    assert "sk-secret" not in str(report)


@pytest.mark.parametrize(
    ("settings", "check", "fix"),
    [
        ({"caches_prompts": True}, "prompt reuse", "--no-cache-prompt"),
        ({"keeps_archive": True}, "prompt archive", "--cache-ram 0 --no-cache-idle-slots"),
        ({"shows_slots": True}, "slots page", "--no-slots"),
        ({"saves_slots": True}, "slot files", "--slot-save-path"),
        ({"shows_prompt": True}, "properties page", "2025"),
        ({"changes_props": True}, "properties page", "--props"),
        ({"cuts_prompts": True}, "overlength", "--context-shift"),
        ({"tokenizes": False}, "control markers", "/tokenize"),
    ],
)
def test_a_llama_server_is_refused_for_what_it_keeps_or_shows(
    server: Loopback, settings: dict[str, bool], check: str, fix: str
) -> None:
    server.reply_to = LlamaServer(Settings(**settings))  # type: ignore[arg-type]
    _assert_refused_for(server, check, fix)


@pytest.mark.parametrize(
    ("settings", "check", "fix"),
    [
        ({"caches_prompts": True}, "prompt reuse", "--no-enable-prefix-caching"),
        (
            {"caches_prompts": True, "has_metrics": False, "counts_reused": True},
            "prompt reuse",
            "--no-enable-prefix-caching",
        ),
        # It may keep nothing, but nothing shows it.
        ({"has_metrics": False}, "prompt reuse", "/metrics"),
        ({"tokenizes": False}, "control markers", "/tokenize"),
    ],
)
def test_a_vllm_is_refused_for_what_it_keeps_or_does_not_tell(
    server: Loopback, settings: dict[str, bool], check: str, fix: str
) -> None:
    server.reply_to = Vllm(Settings(**settings))  # type: ignore[arg-type]
    _assert_refused_for(server, check, fix)


def test_all_that_is_wrong_is_told_at_once(server: Loopback) -> None:
    server.reply_to = LlamaServer(Settings(caches_prompts=True, keeps_archive=True, shows_slots=True))
    with pytest.raises(UnsafeServer) as refused:
        connected(server.url)
    for flag in ("--no-cache-prompt", "--cache-ram 0", "--no-cache-idle-slots", "--no-slots"):
        assert flag in str(refused.value)


def test_a_server_that_does_not_count_is_refused(server: Loopback) -> None:
    server.reply_to = LlamaServer(Settings(counts_tokens=False))
    names = {check.name for check in probed(server.url).failures}
    assert {"token counts", "prompt reuse", "prompt archive"} <= names


def test_a_server_that_does_not_say_its_context_is_refused(server: Loopback) -> None:
    server.reply_to = Vllm(Settings(names_context=False))
    names = [check.name for check in probed(server.url).failures]
    assert names == ["context size", "overlength"]


def test_a_server_that_ignores_the_token_is_refused(server: Loopback) -> None:
    server.reply_to = LlamaServer(Settings())
    report = probed(server.url, token="sk-secret")
    (failure,) = report.failures
    assert (failure.name, failure.outcome) == ("who may ask", Outcome.FAILED)


def test_a_server_that_breaks_off_is_not_called_safe(server: Loopback) -> None:
    whole = LlamaServer(Settings())

    def breaks(seen: Any) -> Reply:
        return json_reply({}, 500) if seen.path == "/v1/chat/completions" else whole(seen)

    server.reply_to = breaks
    failures = probed(server.url).failures
    undecided = {failure.name for failure in failures if failure.outcome is Outcome.UNKNOWN}
    assert undecided == {"token counts", "prompt reuse", "prompt archive", "overlength"}


def test_a_server_without_the_model_is_unavailable_rather_than_unsafe(server: Loopback) -> None:
    server.reply_to = LlamaServer(Settings())
    with pytest.raises(EngineUnavailable, match="does not list") as failed:
        connected(server.url, model_id="other")
    assert not isinstance(failed.value, UnsafeServer)


def test_the_engine_on_a_server_that_passed_knows_its_limits_and_markers(server: Loopback) -> None:
    server.reply_to = LlamaServer(Settings())
    engine = connected(server.url)
    pieces, used = written(engine, bedside())
    assert pieces == ["Yes."]
    assert used.prompt_tokens > 0
    sent = len(server.seen)
    # A control token that only this server's vocabulary has, and a prompt beyond its context.
    for draft in (bedside("a ~turn~ b"), bedside(max_tokens=CONTEXT_TOKENS + 1)):
        with pytest.raises(Exception, match="hostile-text|prompt-too-long"):
            written(engine, draft)
    assert len(server.seen) == sent


def test_each_kind_of_server_gets_its_own_fields_only(server: Loopback) -> None:
    for imitation, sent, left_out in (
        (LlamaServer, "cache_prompt", "cache_salt"),
        (Vllm, "cache_salt", "cache_prompt"),
    ):
        server.reply_to = imitation(Settings())
        written(connected(server.url), bedside())
        assert sent in server.seen[-1].document
        assert left_out not in server.seen[-1].document


def test_the_probe_asks_with_made_up_words_only(server: Loopback) -> None:
    server.reply_to = LlamaServer(Settings())
    connected(server.url)
    asked = [seen.document for seen in server.seen if seen.path == "/v1/chat/completions"]
    words = {
        word for document in asked for message in document["messages"] for word in message["content"].split()
    }
    assert len(words) < 30, json.dumps(sorted(words))


def _assert_refused_for(server: Loopback, check: str, fix: str) -> None:
    report = probed(server.url)
    (failure,) = report.failures
    assert failure.name == check
    assert fix in failure.fix
    with pytest.raises(UnsafeServer, match=fix):
        connected(server.url)
