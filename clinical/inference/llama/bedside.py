"""The bedside lane: one request at a time, patient data allowed, nothing of it left behind.

Each request gets a context of its own. When it ends, in whatever way, its key-value memory is overwritten and the
context is freed, because its compute buffers hold the prompt's token ids and llama.cpp has no call that wipes
those (docs/adr/0008-forgetful-engine.md). What may stay is the state after the fixed part of a prompt, which
names no patient: it is copied into the next context.
"""

import ctypes
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator

from clinical.inference.domain import BedsideDraft, Usage
from clinical.inference.llama.context import Context
from clinical.inference.llama.errors import Stopped
from clinical.inference.llama.prompts import Prompts
from clinical.inference.llama.sampling import Sampler
from clinical.inference.llama.tokens import TokenArray, slices, token_array
from clinical.inference.llama.weights import Weights

# Tokens between two looks at deadline and caller: about a third of a second for a small model on two cores.
BATCH_TOKENS = 128
SNAPSHOTS_AT_MOST = 4

State = ctypes.Array[ctypes.c_uint8]


class BedsideLane:
    """Writes one draft at a time."""

    def __init__(
        self, weights: Weights, prompts: Prompts, *, context_tokens: int, threads: int, snapshots: bool = True
    ) -> None:
        self._weights = weights
        self._prompts = prompts
        self._context_tokens = context_tokens
        self._threads = threads
        self._keeps_snapshots = snapshots
        self._snapshots: OrderedDict[bytes, State] = OrderedDict()
        self._ready: Context | None = None
        self.prepare()

    def write(self, draft: BedsideDraft, *, check: Callable[[], None]) -> Generator[bytes, None, Usage]:
        """Yield pieces of text, then forget the request; `check` raises where it should stop.

        Raises: DraftRefused, and whatever `check` raises; a `Stopped` says what was used until then.
        """
        started_at = time.monotonic()
        prompt = self._prompts.prompt(draft)
        sampler = None
        reused, written, first_token_at = 0, 0, 0.0

        def usage() -> Usage:
            return prompt.usage(
                reused=reused, written=written, started_at=started_at, first_token_at=first_token_at
            )

        self.prepare()
        context, self._ready = self._ready, None
        assert context is not None  # noqa: S101 - prepared in the line before
        try:
            sampler = Sampler(self._weights, draft.limits, draft.schema)
            reused = self._read_fixed(context, prompt.fixed, check)
            for tokens in slices(prompt.rest, BATCH_TOKENS):
                check()
                context.decode(tokens)
            text = self._prompts.text_stream()
            for token in self._tokens(context, sampler, draft, check):
                first_token_at = first_token_at or time.monotonic()
                written += 1
                yield text.add(self._weights.piece(token))
            yield text.end()
            return usage()
        except Stopped as stopped:
            stopped.usage = usage()
            raise
        finally:
            prompt.wipe()
            context.close()
            if sampler is not None:
                sampler.close()

    def prepare(self) -> None:
        """Have a context ready: called between requests, so that nobody waits for it."""
        if self._ready is None:
            self._ready = Context(
                self._weights,
                tokens=self._context_tokens,
                threads=self._threads,
                batch_tokens=BATCH_TOKENS,
            )

    def _tokens(
        self, context: Context, sampler: Sampler, draft: BedsideDraft, check: Callable[[], None]
    ) -> Iterator[int]:
        """Yield the tokens that the model writes, without the one that ends its turn."""
        for _ in range(draft.limits.max_tokens):
            token = sampler.next_token(context.handle, -1)
            if self._weights.is_end(token):
                return
            yield token
            check()
            context.decode(token_array([token]))

    def _read_fixed(self, context: Context, fixed: TokenArray, check: Callable[[], None]) -> int:
        """Bring the context to the state after the fixed part; return how many tokens a snapshot saved.

        With or without a snapshot the fixed part is read in the same steps, so the logits that follow are equal
        to the last bit.
        """
        if len(fixed) == 0:
            return 0
        key = hashlib.sha256(bytes(fixed)).digest()
        if key in self._snapshots:
            self._snapshots.move_to_end(key)
            context.restore(self._snapshots[key])
            return len(fixed)
        for tokens in slices(fixed, BATCH_TOKENS):
            check()
            context.decode(tokens)
        if self._keeps_snapshots:
            self._snapshots[key] = context.snapshot()
            if len(self._snapshots) > SNAPSHOTS_AT_MOST:
                self._snapshots.popitem(last=False)
        return 0
