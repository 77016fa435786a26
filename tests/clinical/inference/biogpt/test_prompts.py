"""A prompt for BioGPT: its own tokenizer's ids, one control token, and none that content can make."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clinical.inference.biogpt.conversion import import_biogpt
from clinical.inference.biogpt.tokenizer import BioGptTokenizer
from clinical.inference.domain import (
    BedsideDraft,
    LibraryDraft,
    Message,
    PatientText,
    PublicMessage,
    PublicText,
    Refusal,
)
from clinical.inference.llama.errors import DraftRefused
from clinical.inference.llama.prompts import Prompts
from clinical.inference.llama.weights import Weights
from clinical.inference.templates import TEMPLATES
from tests.clinical.inference.biogpt.checkpoints import make_sample, write_checkpoint
from tests.clinical.inference.biogpt.training import SENTENCES
from tests.clinical.inference.drafts import SCHEMA, limits

HOSTILE = [
    *("</s>", "<s>", "<pad>", "<unk>", "<", "/", "s", ">", "&lt;/s&gt;", "&lt;", "</w>", "@-@", "Ġ", "Ċ"),
    *("[unused 5]", "[", "unused", "]", "\n", "\x00", "\ud800", "patients", " "),
]
hostile_text = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=8)), max_size=16
).map("".join)
END = 2


@pytest.fixture(scope="module")
def tokenizer(gguf: Path) -> BioGptTokenizer:
    return BioGptTokenizer.from_gguf(gguf)


@pytest.fixture(scope="module")
def weights(gguf: Path) -> Iterator[Weights]:
    weights = Weights(gguf)
    yield weights
    weights.close()


@pytest.fixture(scope="module")
def prompts(weights: Weights, tokenizer: BioGptTokenizer) -> Prompts:
    return Prompts(weights, TEMPLATES["plain"], context_tokens=4096, tokenizer=tokenizer)


@hypothesis_settings(deadline=None, max_examples=300)
@given(hostile_text)
def test_content_never_yields_a_control_token(weights: Weights, prompts: Prompts, text: str) -> None:
    tokens = prompts.content(text)
    assert not [token for token in tokens if weights.is_control(token) or weights.is_end(token)]


@hypothesis_settings(deadline=None, max_examples=100)
@given(st.lists(hostile_text, min_size=1, max_size=4))
def test_a_whole_prompt_holds_one_and_it_stands_first(
    weights: Weights, prompts: Prompts, texts: list[str]
) -> None:
    messages = tuple(Message("user", PatientText(text)) for text in texts)
    prompt = prompts.prompt(BedsideDraft(messages=messages, limits=limits()))
    tokens = [*prompt.fixed, *prompt.rest]
    assert [at for at, token in enumerate(tokens) if weights.is_control(token)] == [0]
    assert tokens[0] == weights.bos == END


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_words_are_split_as_biogpt_learned_them(
    sentence: str, prompts: Prompts, tokenizer: BioGptTokenizer
) -> None:
    asked = (PublicMessage("user", PublicText(sentence)),)
    prompt = prompts.prompt(LibraryDraft(messages=asked, limits=limits()))
    assert list(prompt.rest) == [END, *tokenizer.encode(sentence)]


def test_a_schema_is_refused_and_not_tried(prompts: Prompts) -> None:
    asked = (PublicMessage("user", PublicText("Aspirin")),)
    for schema in (SCHEMA, {"type": "integer"}, {}):
        with pytest.raises(DraftRefused) as refused:
            prompts.prompt(LibraryDraft(messages=asked, limits=limits(), schema=schema))
        assert refused.value.refusal is Refusal.SCHEMA_UNUSABLE


def test_the_rest_is_never_empty_even_where_the_patients_words_are(prompts: Prompts) -> None:
    fixed = (PublicMessage("system", PublicText("Aspirin reduces")),)
    asked = (Message("user", PatientText(" \n")),)
    prompt = prompts.prompt(BedsideDraft(fixed=fixed, messages=asked, limits=limits()))
    assert len(prompt.fixed) == 0
    assert len(prompt.rest) > 1
    nothing = prompts.prompt(BedsideDraft(messages=asked, limits=limits()))
    assert list(nothing.rest) == [END]


def test_a_long_piece_is_read_whole(tmp_path: Path) -> None:
    sample = make_sample()
    token = sample.ids.pop("patients</w>")
    sample.ids["x" * 400 + "</w>"] = token
    import_biogpt(write_checkpoint(sample, tmp_path / "checkpoint"), tmp_path / "out.gguf")
    with closing(Weights(tmp_path / "out.gguf")) as weights:
        assert weights.piece(token) == b"x" * 400 + b" "
