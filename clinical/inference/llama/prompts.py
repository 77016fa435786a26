"""Messages become tokens: the pinned template around, the content inside as data, within the context's budget."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from clinical.inference.domain import BedsideDraft, Draft, Limits, Message, Overlength, Refusal, Usage
from clinical.inference.llama.errors import DraftRefused
from clinical.inference.llama.text_stream import OwnTokenizer, PiecesAsTheyAre, TextStream
from clinical.inference.llama.tokens import TokenArray, joined, token_array, view, wipe
from clinical.inference.llama.weights import Weights
from clinical.inference.templates import ChatTemplate


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A draft's tokens: the part that is the same for everyone, then the rest. `cut_tokens` were left out."""

    fixed: TokenArray
    rest: TokenArray
    cut_tokens: int

    @property
    def length(self) -> int:
        """Tokens in all."""
        return len(self.fixed) + len(self.rest)

    def usage(self, *, reused: int, written: int, started_at: float, first_token_at: float) -> Usage:
        """Return what its draft took; instants are on the monotonic clock, 0 where there was no token."""
        return Usage(
            prompt_tokens=self.length,
            reused_tokens=reused,
            cut_tokens=self.cut_tokens,
            written_tokens=written,
            seconds_to_first_token=max(first_token_at - started_at, 0.0),
            seconds=time.monotonic() - started_at,
        )

    def wipe(self) -> None:
        """Overwrite the rest; the fixed part names no patient."""
        wipe(self.rest)


class Prompts:
    """Writes prompts for one model, and knows how to read what it answers. `tokenizer` where llama.cpp's cannot."""

    def __init__(
        self,
        weights: Weights,
        template: ChatTemplate,
        *,
        context_tokens: int,
        tokenizer: OwnTokenizer | None = None,
    ) -> None:
        self._weights = weights
        self._template = template
        self._context_tokens = context_tokens
        self._tokenizer = tokenizer

    def prompt(self, draft: Draft) -> Prompt:
        """Return the draft's tokens.

        Raises: DraftRefused where they leave no room and may not be cut, where there are none, and where the model
        can follow no schema.
        """
        self._check_schema(draft)
        fixed = draft.fixed if isinstance(draft, BedsideDraft) else ()
        turns = self._turns([*fixed, *draft.messages])
        before = [self._beginning(), *turns[: 3 * len(fixed)]]
        *turns, last_content, last_end = turns[3 * len(fixed) :]
        answer = self._written(self._template.answer)
        room = self._context_tokens - draft.limits.max_tokens
        taken = sum(map(len, [*before, *turns, last_content, last_end, answer]))
        kept, cut = _within(last_content, taken - room, draft.limits)
        rest = [*turns, kept, last_end, answer]
        # The logits that the answer begins with come from the rest: it is never empty.
        if not fixed or not any(map(len, rest)):
            before, rest = [], [*before, *rest]
        if not any(map(len, rest)):
            raise DraftRefused(Refusal.MALFORMED)
        return Prompt(fixed=joined(before), rest=joined(rest), cut_tokens=cut)

    def text_stream(self) -> TextStream:
        """Return a new text for the pieces that the model writes."""
        return PiecesAsTheyAre() if self._tokenizer is None else self._tokenizer.text_stream()

    def content(self, text: str) -> TokenArray:
        """Return the ids of a text that is data: none of them is a control token."""
        if self._tokenizer is not None:
            return token_array(self._tokenizer.encode(text))
        return self._weights.tokenize(text, is_template=False)

    def _check_schema(self, draft: Draft) -> None:
        """Refuse a schema where the model's words are not the text that is read.

        A grammar would shape the escaped words, in whose vocabulary there is no quotation mark: no JSON but numbers.
        """
        if draft.schema is not None and self._tokenizer is not None:
            raise DraftRefused(Refusal.SCHEMA_UNUSABLE)

    def _turns(self, messages: Sequence[Message]) -> list[TokenArray]:
        """Return three arrays a message: before it, its content, after it."""
        parts: list[TokenArray] = []
        for before, content, after in around(self._template, messages):
            parts += [self._written(before), self.content(content), self._written(after)]
        return parts

    def _beginning(self) -> TokenArray:
        has_bos = self._template.starts_with_bos and self._weights.bos >= 0
        return token_array([self._weights.bos] if has_bos else [])

    def _written(self, text: str) -> TokenArray:
        return self._weights.tokenize(text, is_template=True) if text else token_array([])


def around(template: ChatTemplate, messages: Sequence[Message]) -> list[tuple[str, str, str]]:
    """Return what stands before each content, the content, and what stands after.

    Where the template has no system message, its text opens the first user message.
    """
    turns: list[tuple[str, str, str]] = []
    is_open = False
    for message in messages:
        before = "" if is_open else template.before[message.role]
        is_open = message.role == "system" and not template.has_system
        if is_open:
            before = template.before["user"]
        turns.append((before, message.content, template.after[message.role]))
    return turns


def _within(content: TokenArray, excess: int, limits: Limits) -> tuple[TokenArray, int]:
    """Return the content without `excess` tokens at its end, and how many were cut."""
    if excess <= 0:
        return content, 0
    if limits.overlength is Overlength.REFUSE or excess >= len(content):
        wipe(content)
        raise DraftRefused(Refusal.PROMPT_TOO_LONG)
    wipe(view(content, len(content) - excess, excess))
    return view(content, 0, len(content) - excess), excess
