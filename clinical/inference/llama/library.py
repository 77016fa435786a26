"""The library lane: many requests in one batch, sharing what their prompts have in common. No PHI.

Requests join and leave while others are written (continuous batching). A prompt that begins like one that is
being read or written takes that beginning over instead of reading it again.
"""

import time
from dataclasses import dataclass

import llama_cpp

from clinical.inference.domain import LibraryDraft, Refusal, Usage
from clinical.inference.llama.batch import Batch
from clinical.inference.llama.context import Context
from clinical.inference.llama.errors import DraftRefused
from clinical.inference.llama.prompts import Prompt, Prompts
from clinical.inference.llama.sampling import Sampler
from clinical.inference.llama.text_stream import TextStream
from clinical.inference.llama.tokens import common_prefix
from clinical.inference.llama.weights import Weights

BATCH_TOKENS = 256
SEQUENCES = 16
# Below this, taking a beginning over is not worth waiting for the one who reads it.
LEAST_SHARED_TOKENS = 16


@dataclass(eq=False, kw_only=True)
class Sequence:
    """One draft that is being read or written. `in_memory` counts the tokens that llama.cpp holds of it.

    While `lender` is set it waits until that one has read the `shared` tokens with which both begin.
    """

    number: int
    draft: LibraryDraft
    prompt: Prompt
    sampler: Sampler
    text: TextStream
    admitted_at: float
    in_memory: int = 0
    last_token: int = 0
    written: int = 0
    reused: int = 0
    first_token_at: float = 0.0
    lender: "Sequence | None" = None
    shared: int = 0

    @property
    def is_reading(self) -> bool:
        """Whether the prompt is not read to its end yet."""
        return self.in_memory < self.prompt.length

    @property
    def reserved_tokens(self) -> int:
        """How much of the context it may come to use."""
        return self.prompt.length + self.draft.limits.max_tokens

    def usage(self) -> Usage:
        """Return what it took."""
        return self.prompt.usage(
            reused=self.reused,
            written=self.written,
            started_at=self.admitted_at,
            first_token_at=self.first_token_at,
        )


@dataclass(frozen=True)
class Written:
    """What one step gave one sequence: a piece of text, its end, or why there is none."""

    sequence: Sequence
    piece: bytes = b""
    is_end: bool = False
    refusal: Refusal | None = None


class LibraryLane:
    """Writes up to `SEQUENCES` drafts together."""

    def __init__(self, weights: Weights, prompts: Prompts, *, context_tokens: int, threads: int) -> None:
        self._weights = weights
        self._prompts = prompts
        self._context_tokens = context_tokens
        self._context = Context(
            weights, tokens=context_tokens, threads=threads, sequences=SEQUENCES, batch_tokens=BATCH_TOKENS
        )
        self._batch = Batch(BATCH_TOKENS)
        self._sequences: list[Sequence] = []

    @property
    def is_active(self) -> bool:
        """Whether anything is being written."""
        return bool(self._sequences)

    def admit(self, draft: LibraryDraft) -> Sequence | None:
        """Return the draft's place among the others; None where there is no room yet.

        Raises: DraftRefused where it could never be written.
        """
        if len(self._sequences) == SEQUENCES:
            return None
        prompt = self._prompts.prompt(draft)
        reserved = sum(sequence.reserved_tokens for sequence in self._sequences)
        if reserved + prompt.length + draft.limits.max_tokens > self._context_tokens:
            return None
        sequence = Sequence(
            number=self._free_number(),
            draft=draft,
            prompt=prompt,
            sampler=Sampler(self._weights, draft.limits, draft.schema),
            text=self._prompts.text_stream(),
            admitted_at=time.monotonic(),
        )
        self._find_lender(sequence)
        self._sequences.append(sequence)
        return sequence

    def step(self) -> list[Written]:
        """Run one batch: a token for each that writes, and as much reading as fits. Raises: DraftRefused."""
        for sequence in self._sequences:
            self._borrow(sequence)
        self._batch.clear()
        outputs = self._add_writing() | self._add_reading()
        self._context.decode_batch(self._batch.handle)
        return [self._next(sequence, index) for sequence, index in outputs.items()]

    def drop(self, sequence: Sequence) -> None:
        """Forget the sequence: it ended, failed, or nobody waits for it."""
        self._sequences.remove(sequence)
        for other in self._sequences:
            if other.lender is sequence:
                self._find_lender(other)
        sequence.sampler.close()
        sequence.prompt.wipe()
        llama_cpp.llama_memory_seq_rm(self._context.memory, sequence.number, -1, -1)
        if not self._sequences:
            self._context.wipe()

    def close(self) -> None:
        """Give all memory back."""
        for sequence in list(self._sequences):
            self.drop(sequence)
        self._batch.close()
        self._context.close()

    def _free_number(self) -> int:
        taken = {sequence.number for sequence in self._sequences}
        return next(number for number in range(SEQUENCES) if number not in taken)

    def _find_lender(self, sequence: Sequence) -> None:
        """Look for the one that begins most like it. Its last token it must read itself, for the logits."""
        sequence.lender = None
        sequence.shared = max(sequence.in_memory, LEAST_SHARED_TOKENS - 1)
        for other in self._sequences:
            if other is sequence or other.lender is not None:
                continue
            shared = min(common_prefix(sequence.prompt.rest, other.prompt.rest), sequence.prompt.length - 1)
            if shared > sequence.shared:
                sequence.lender, sequence.shared = other, shared

    def _borrow(self, sequence: Sequence) -> None:
        lender = sequence.lender
        if lender is None or lender.in_memory < sequence.shared:
            return
        llama_cpp.llama_memory_seq_cp(
            self._context.memory, lender.number, sequence.number, 0, sequence.shared
        )
        sequence.in_memory = sequence.reused = sequence.shared
        sequence.lender = None

    def _add_writing(self) -> dict[Sequence, int]:
        """Put the last written token of each into the batch; return where its logits will be."""
        outputs: dict[Sequence, int] = {}
        for sequence in self._sequences:
            if not sequence.is_reading:
                outputs[sequence] = self._batch.add(
                    sequence.last_token, sequence.in_memory, sequence.number, wants_logits=True
                )
                sequence.in_memory += 1
        return outputs

    def _add_reading(self) -> dict[Sequence, int]:
        """Fill the batch with prompts; return where the logits of those that end in it will be."""
        outputs: dict[Sequence, int] = {}
        for sequence in self._sequences:
            if not sequence.is_reading or sequence.lender is not None:
                continue
            start, length = sequence.in_memory, sequence.prompt.length
            for position in range(start, min(start + self._batch.room, length)):
                is_last = position + 1 == length
                token = sequence.prompt.rest[position]
                index = self._batch.add(token, position, sequence.number, wants_logits=is_last)
                sequence.in_memory += 1
                if is_last:
                    outputs[sequence] = index
        return outputs

    def _next(self, sequence: Sequence, index: int) -> Written:
        """Choose the sequence's next token."""
        try:
            token = sequence.sampler.next_token(self._context.handle, index)
        except DraftRefused as error:
            return Written(sequence, refusal=error.refusal)
        sequence.first_token_at = sequence.first_token_at or time.monotonic()
        if self._weights.is_end(token):
            return Written(sequence, piece=sequence.text.end(), is_end=True)
        sequence.last_token = token
        sequence.written += 1
        is_full = sequence.written == sequence.draft.limits.max_tokens
        piece = sequence.text.add(self._weights.piece(token))
        return Written(sequence, piece=piece + sequence.text.end() if is_full else piece, is_end=is_full)
