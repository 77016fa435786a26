"""Beside the reference implementation, where it is installed: `pip install torch transformers`."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clinical.inference.biogpt.comparison import compare_with_transformers
from clinical.inference.biogpt.conversion import import_biogpt
from clinical.inference.biogpt.tokenizer import BioGptTokenizer
from clinical.inference.llama.weights import Weights
from tests.clinical.inference.biogpt.checkpoints import Format, make_sample, write_checkpoint
from tests.clinical.inference.biogpt.training import SENTENCES

has_tokenizer = find_spec("transformers") is not None
is_installed = has_tokenizer and find_spec("torch") is not None
with_tokenizer = pytest.mark.skipif(not has_tokenizer, reason="transformers is not installed")
with_transformers = pytest.mark.skipif(not is_installed, reason="transformers and torch are not installed")


@pytest.mark.skipif(is_installed, reason="transformers and torch are installed")
def test_nothing_is_compared_where_transformers_is_not_installed(checkpoint: Path, gguf: Path) -> None:
    assert compare_with_transformers(checkpoint, gguf) is None


@with_transformers
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("weights_format", ["safetensors", "bin"])
@pytest.mark.parametrize("has_own_output", [False, True])
def test_logits_and_greedy_text_are_those_of_transformers(
    weights_format: Format, has_own_output: bool, shape: str, tmp_path: Path
) -> None:
    sample = make_sample(shape, seed=4 * has_own_output, has_own_output=has_own_output)
    folder = write_checkpoint(sample, tmp_path / "checkpoint", weights_format)
    import_biogpt(folder, tmp_path / "out.gguf")
    comparison = compare_with_transformers(folder, tmp_path / "out.gguf")
    assert comparison is not None
    assert comparison.relative_error < 1e-3
    assert comparison.greedy_agreement == 1
    assert comparison.positions == 64


@with_transformers
@pytest.mark.filterwarnings("default")
def test_weights_that_do_not_belong_together_are_found_out(checkpoint: Path, tmp_path: Path) -> None:
    import_biogpt(write_checkpoint(make_sample(seed=7), tmp_path / "checkpoint"), tmp_path / "out.gguf")
    comparison = compare_with_transformers(checkpoint, tmp_path / "out.gguf")
    assert comparison is not None
    assert comparison.relative_error > 0.5
    assert comparison.greedy_agreement < 1


@pytest.fixture(scope="module")
def reference(checkpoint: Path) -> Any:
    from transformers import BioGptTokenizer as Reference

    return Reference(str(checkpoint / "vocab.json"), str(checkpoint / "merges.txt"))


@with_tokenizer
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_have_the_same_ids_and_come_back_the_same(
    text: str, reference: Any, checkpoint: Path
) -> None:
    tokenizer = BioGptTokenizer.from_checkpoint(checkpoint)
    tokens = tokenizer.encode(text)
    assert [2, *tokens] == reference.encode(text)
    spelled = "".join(reference.convert_ids_to_tokens(tokens)).replace("</w>", " ")
    assert tokenizer.detokenize(spelled) == reference.decode(tokens, clean_up_tokenization_spaces=False)


@pytest.fixture(scope="module")
def weights(gguf: Path) -> Iterator[Weights]:
    weights = Weights(gguf)
    yield weights
    weights.close()


@with_tokenizer
@pytest.mark.filterwarnings("default")
@hypothesis_settings(deadline=None, max_examples=500)
@given(tokens=st.lists(st.integers(0, 285), max_size=40))
def test_any_tokens_are_read_the_same(
    tokens: list[int], reference: Any, weights: Weights, checkpoint: Path
) -> None:
    assert weights.vocabulary_size == 286
    text = _tokenizer(checkpoint).text_stream()
    said = b"".join(text.add(weights.piece(token)) for token in tokens) + text.end()
    assert said.decode() == reference.decode(
        tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
    )


@with_tokenizer
@pytest.mark.filterwarnings("default")
@hypothesis_settings(deadline=None, max_examples=500)
@given(
    parts=st.lists(
        st.one_of(st.sampled_from([*SENTENCES, "<", "</s", "</w>", "&lt;", "@-@", "-", "'", "."]), st.text())
    )
)
def test_any_text_has_the_same_ids(parts: list[str], reference: Any, checkpoint: Path) -> None:
    text = " ".join(parts)
    # The reference takes a whole marker in the text for the special token; pieces of one it spells out, as we do.
    if not any(marker in text for marker in ("</s>", "<s>", "<pad>", "<unk>")):
        tokenizer = _tokenizer(checkpoint)
        assert tokenizer.encode(text) == reference.convert_tokens_to_ids(reference._tokenize(text))


_loaded: list[BioGptTokenizer] = []


def _tokenizer(checkpoint: Path) -> BioGptTokenizer:
    if not _loaded:
        _loaded.append(BioGptTokenizer.from_checkpoint(checkpoint))
    return _loaded[0]
