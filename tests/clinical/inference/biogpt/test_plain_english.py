"""What BioGPT writes can be read while it is written, and is in the end what Moses makes of the whole."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clinical.inference.biogpt.moses import Moses
from clinical.inference.biogpt.plain_english import PlainEnglish
from clinical.inference.biogpt.tokenizer import BioGptTokenizer
from clinical.inference.llama.weights import Weights
from tests.clinical.inference.biogpt.training import SENTENCES

MOSES = Moses()
ENDS = ["", " "]
PIECES = [
    *("the", "low", "α", "é", "中", "patients", "s", "3", "."),
    *("@-@", "@", "-@", "@-", "-"),
    *("&apos;", "&apos;s", "&quot;", "&amp;", "&lt;", "&", "lt;", "&#91;", "&#93;", "&amp;lt;"),
    *("(", ")", ",", ";", "%", "$", "£", "'", '"', "`", "„", "“", "''"),
]
# Whole words whose place depends on their neighbours stand close together more often than chance would have it.
pieces = st.lists(
    st.one_of(
        st.sampled_from(["@-@ ", ". ", "&apos; ", "&quot; ", "( ", "low "]),
        st.tuples(st.sampled_from(PIECES), st.sampled_from(ENDS)).map("".join),
    ),
    max_size=24,
)


def streamed(parts: Iterable[str]) -> list[str]:
    text = PlainEnglish(MOSES)
    return [*(text.add(part.encode()).decode() for part in parts), text.end().decode()]


@hypothesis_settings(deadline=None, max_examples=500)
@given(pieces)
def test_the_pieces_make_what_moses_makes_of_the_whole(parts: list[str]) -> None:
    assert "".join(streamed(parts)) == MOSES.text("".join(parts).split())


@hypothesis_settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6))))
def test_so_they_do_for_any_text(parts: list[str]) -> None:
    assert "".join(streamed(parts)) == MOSES.text("".join(parts).split())


def test_a_word_comes_when_the_next_is_whole() -> None:
    given_out = streamed(["the ", "low ", "do", "se ", "of ", "3", ".", "5 ", "mg ", ". "])
    assert given_out == ["", "the", "", " low", " dose", "", "", " of", " 3.5", " mg", "."]


def test_a_hyphen_and_an_escape_wait_for_what_they_join() -> None:
    given_out = streamed(["low ", "@-@ ", "do", "se ", "&a", "pos", ";s ", "end "])
    assert given_out == ["", "", "", "", "", "", "low-dose", "'s", " end"]


def test_nothing_written_is_nothing_said() -> None:
    assert streamed([]) == [""]
    assert streamed(["", " "]) == ["", "", ""]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_pieces_of_a_gguf_come_back_as_the_sentence(sentence: str, gguf: Path) -> None:
    tokenizer, weights = BioGptTokenizer.from_gguf(gguf), Weights(gguf)
    text = tokenizer.text_stream()
    said = b"".join(text.add(weights.piece(token)) for token in tokenizer.encode(sentence)) + text.end()
    assert said.decode() == MOSES.text(MOSES.words(sentence))
    assert said.decode().replace(" ", "") == sentence.replace(" ", "")
    weights.close()
