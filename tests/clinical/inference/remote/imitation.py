"""Servers that behave as llama-server and vLLM are documented to, with the settings that matter to the probe.

The contract suite asks the same of the real llama-server. One word is one token here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.clinical.inference.remote.loopback import END, Reply, Seen, answer, chunk, json_reply, usage

CONTEXT_TOKENS = 512
VOCABULARY = frozenset({"<|im_start|>", "<|im_end|>", "<|endoftext|>", "~turn~"})
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }} [~turn~]<~turn~>{{ m.content }}<|im_end|>{% endfor %}"
)


@dataclass(kw_only=True)
class Settings:
    """How the server was started; the defaults are safe."""

    token: str | None = None
    caches_prompts: bool = False
    keeps_archive: bool = False
    shows_slots: bool = False
    saves_slots: bool = False
    shows_prompt: bool = False
    changes_props: bool = False
    cuts_prompts: bool = False
    counts_tokens: bool = True
    tokenizes: bool = True
    # vLLM only.
    has_metrics: bool = True
    counts_reused: bool = False
    names_context: bool = True


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


@dataclass
class LlamaServer:
    """Slots that hold their last prompt, and an archive of those that were replaced."""

    settings: Settings
    slots: list[list[str]] = field(default_factory=lambda: [[], []])
    archive: list[list[str]] = field(default_factory=list)

    def __call__(self, seen: Seen) -> Reply:
        path = urlsplit(seen.path).path
        if self.settings.token and seen.headers.get("Authorization") != f"Bearer {self.settings.token}":
            return json_reply({"error": {"message": "Invalid API Key"}}, 401)
        if path == "/v1/chat/completions":
            return self._chat(seen.document) if "messages" in seen.document else json_reply({}, 400)
        return self._page(path, seen)

    def _page(self, path: str, seen: Seen) -> Reply:
        settings = self.settings
        pages = {
            "/v1/models": (200, {"data": [{"id": "med", "owned_by": "llamacpp"}]}),
            "/props": (200, self._props()),
            "/slots": (200, [{"prompt": "x"}]) if settings.shows_slots else (501, {}),
            "/slots/0": (400, {"error": {"message": "Invalid action"}})
            if settings.saves_slots
            else (501, {}),
            "/tokenize": (200, {"tokens": self._tokens(seen.document)}) if settings.tokenizes else (404, {}),
        }
        status, document = pages.get(path, (404, {}))
        return json_reply(document, status)

    def _props(self) -> dict[str, Any]:
        generation = {"n_ctx": CONTEXT_TOKENS, "prompt": "said before" if self.settings.shows_prompt else ""}
        return {
            "default_generation_settings": generation,
            "total_slots": len(self.slots),
            "endpoint_props": self.settings.changes_props,
            "chat_template": _TEMPLATE.replace("~turn~", "turn"),
            "bos_token": "~turn~",
        }

    def _tokens(self, document: dict[str, Any]) -> list[int]:
        if document.get("parse_special") and document.get("content") in VOCABULARY:
            return [1]
        return [ord(character) for character in document.get("content", "")]

    def _chat(self, document: dict[str, Any]) -> Reply:
        prompt = " ".join(message["content"] for message in document["messages"]).split()
        if len(prompt) >= CONTEXT_TOKENS:
            if not self.settings.cuts_prompts:
                return json_reply({"error": {"type": "exceed_context_size_error"}}, 400)
            prompt = prompt[:CONTEXT_TOKENS]
        reused = self._take_slot(prompt)
        if not document.get("cache_prompt", self.settings.caches_prompts):
            reused = 0
        if not self.settings.counts_tokens:
            return Reply(parts=(chunk("Yes."), END))
        timings = {"cache_n": reused, "prompt_n": len(prompt) - reused}
        first = chunk("Yes.", timings=timings) if document.get("timings_per_token") else chunk("Yes.")
        return Reply(parts=(first, usage(len(prompt), 1, reused), END))

    def _take_slot(self, prompt: list[str]) -> int:
        """Put the prompt into the slot that is most like it, or else the oldest; what of it was there already."""
        best = max(self.slots, key=lambda slot: _common(slot, prompt))
        chosen = best if _common(best, prompt) > len(prompt) // 10 else self.slots[0]
        held = [chosen, *self.archive] if self.settings.keeps_archive else [chosen]
        reused = max(_common(one, prompt) for one in held)
        if chosen and self.settings.keeps_archive:
            self.archive.append(chosen)
        self.slots.remove(chosen)
        self.slots.append(prompt)
        return reused


@dataclass
class Vllm:
    """A prefix cache by salt, told in the metrics and, where asked for, in answers that reused something."""

    settings: Settings
    cache: set[tuple[str, ...]] = field(default_factory=set)

    def __call__(self, seen: Seen) -> Reply:
        settings, path = self.settings, urlsplit(seen.path).path
        is_known = seen.headers.get("Authorization") == f"Bearer {settings.token}"
        if settings.token and path.startswith("/v1") and not is_known:
            return json_reply({"error": "Unauthorized"}, 401)
        if path == "/v1/chat/completions":
            return self._chat(seen.document) if "messages" in seen.document else json_reply({}, 400)
        if path == "/metrics" and settings.has_metrics:
            return Reply(200, (self._metrics(),), {"Content-Type": "text/plain; version=0.0.4"})
        if path == "/tokenize" and settings.tokenizes:
            text = seen.document["prompt"]
            return json_reply({"tokens": [1] if text in VOCABULARY else [ord(c) for c in text]})
        if path == "/v1/models":
            size = {"max_model_len": CONTEXT_TOKENS} if settings.names_context else {}
            return json_reply({"data": [{"id": "med", "owned_by": "vllm", **size}]})
        return json_reply({"detail": "Not Found"}, 404)

    def _metrics(self) -> str:
        labels = f'block_size="16",enable_prefix_caching="{self.settings.caches_prompts}",engine="0"'
        return f"# TYPE vllm:cache_config_info gauge\nvllm:cache_config_info{{{labels}}} 1.0\n"

    def _chat(self, document: dict[str, Any]) -> Reply:
        prompt = " ".join(message["content"] for message in document["messages"]).split()
        if len(prompt) + document["max_tokens"] > CONTEXT_TOKENS:
            words = f"This model's maximum context length is {CONTEXT_TOKENS} tokens."
            return json_reply({"error": {"message": words, "type": "BadRequestError", "code": 400}}, 400)
        key = (document.get("cache_salt", ""), json.dumps(prompt))
        is_hit = self.settings.caches_prompts and key in self.cache
        self.cache.add(key)
        reused = len(prompt) if is_hit and self.settings.counts_reused else None
        return answer("Yes.", prompt=len(prompt), written=1, reused=reused)
