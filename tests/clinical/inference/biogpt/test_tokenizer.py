"""BioGPT's words and pieces; content never becomes a special token, whatever it says."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sacremoses import MosesTokenizer  # type: ignore[import-untyped]

from clinical.inference.biogpt.bpe import split_word
from clinical.inference.biogpt.checkpoint.vocabulary import Merge, read_vocabulary
from clinical.inference.biogpt.errors import NotBioGptGguf
from clinical.inference.biogpt.gguf_file.byte_text import byte_text, piece_of
from clinical.inference.biogpt.gguf_file.vocabulary import read_gguf_vocabulary
from clinical.inference.biogpt.moses import Moses
from clinical.inference.biogpt.tokenizer import BioGptTokenizer
from tests.clinical.inference.biogpt.checkpoints import Sample
from tests.clinical.inference.biogpt.training import SENTENCES

HOSTILE = [
    "</s>",
    "<s>",
    "<pad>",
    "<unk>",
    "&lt;/s&gt;",
    "&lt;",
    "</w>",
    "@-@",
    "Ġ",
    "<",
    ">",
    "/",
    "s",
    "&",
    "\n",
]
hostile_text = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), max_size=12).map("".join)
SPECIAL_IDS = {0, 1, 2}
UNKNOWN_ID = 3


@pytest.fixture(scope="module")
def tokenizer(checkpoint: Path) -> BioGptTokenizer:
    return BioGptTokenizer.from_checkpoint(checkpoint)


@pytest.fixture(scope="module")
def pieces(sample: Sample) -> list[str]:
    return list(sample.ids)


@hypothesis_settings(deadline=None, max_examples=200)
@given(hostile_text)
def test_content_never_yields_a_special_token(tokenizer: BioGptTokenizer, content: str) -> None:
    assert not SPECIAL_IDS & set(tokenizer.encode(content))


@pytest.mark.parametrize("marker", ["</s>", "<s>", "<pad>", "<unk>"])
def test_a_marker_in_a_note_is_spelled_out(
    marker: str, tokenizer: BioGptTokenizer, pieces: list[str]
) -> None:
    tokens = tokenizer.encode(f"patients {marker} patients")
    assert tokens[0] == tokens[-1] == pieces.index("patients</w>")
    assert len(tokens) > 4
    assert "".join(pieces[token] for token in tokens).startswith("patients</w>&lt;")


def test_a_vocabulary_that_would_spell_a_marker_still_does_not(tokenizer: BioGptTokenizer) -> None:
    # No merge of Moses words makes `</s>`, for `<` is always escaped; were there one, it would come out unknown.
    assert tokenizer.encode("</s>") != [2]
    assert 2 not in tokenizer.encode("< /s>")


def test_a_letter_that_the_vocabulary_lacks_is_unknown(tokenizer: BioGptTokenizer) -> None:
    assert tokenizer.encode("\u4e2d") == [UNKNOWN_ID]


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\x00\x1f"])
def test_nothing_gives_no_tokens(text: str, tokenizer: BioGptTokenizer) -> None:
    assert tokenizer.encode(text) == []


@pytest.mark.parametrize("text", SENTENCES)
def test_pieces_spell_the_text_and_come_back_as_it(
    text: str, tokenizer: BioGptTokenizer, pieces: list[str]
) -> None:
    spelled = "".join(pieces[token] for token in tokenizer.encode(text)).replace("</w>", " ")
    assert spelled.split() == MosesTokenizer(lang="en").tokenize(text, aggressive_dash_splits=True)
    assert tokenizer.detokenize(spelled).replace(" ", "") == text.replace(" ", "")


def test_what_llama_cpp_writes_becomes_plain_english(tokenizer: BioGptTokenizer) -> None:
    written = "the patient &apos;s low @-@ dose INR ( &gt; 4.5 ) &amp; age , &#91; n = 37 &#93; . "
    assert tokenizer.detokenize(written) == "the patient's low-dose INR (> 4.5) & age, [n = 37]."


def test_a_gguf_holds_the_whole_vocabulary(checkpoint: Path, gguf: Path) -> None:
    ours, theirs = read_gguf_vocabulary(gguf), read_vocabulary(checkpoint)
    assert dict(ours.ids) == dict(theirs.ids)
    assert ours.merges == theirs.merges


@hypothesis_settings(deadline=None, max_examples=200)
@given(hostile_text)
def test_a_gguf_encodes_as_its_checkpoint(checkpoint: Path, gguf: Path, content: str) -> None:
    tokenizers = _both(checkpoint, gguf)
    assert tokenizers[0].encode(content) == tokenizers[1].encode(content)


_loaded: list[BioGptTokenizer] = []


def _both(checkpoint: Path, gguf: Path) -> list[BioGptTokenizer]:
    if not _loaded:
        _loaded.extend([BioGptTokenizer.from_checkpoint(checkpoint), BioGptTokenizer.from_gguf(gguf)])
    return _loaded


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters=" ")), st.booleans())
def test_byte_text_comes_back(piece: str, is_end: bool) -> None:
    piece += "</w>" * is_end
    assert piece_of(byte_text(piece)) == piece


@pytest.mark.parametrize("text", ["\u4e2d", "a b", "Ã"])
def test_what_is_not_byte_text_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        piece_of(text)


def merge_naively(word: str, ranks: Mapping[Merge, int]) -> list[str]:
    """The published algorithm as it stands: the best pair of all, everywhere, again and again."""
    pieces = [*word[:-1], f"{word[-1]}</w>"]
    while pairs := [pair for pair in zip(pieces, pieces[1:], strict=False) if pair in ranks]:
        best = min(pairs, key=ranks.__getitem__)
        joined: list[str] = []
        for piece in pieces:
            if joined and (joined[-1], piece) == best and not joined[-1].endswith("\0"):
                joined[-1] = f"{joined[-1]}{piece}\0"
            else:
                joined.append(piece)
        pieces = [piece.rstrip("\0") for piece in joined]
    return pieces


@st.composite
def merges_in_any_order(draw: st.DrawFn) -> dict[Merge, int]:
    """Merges of letters a, b and of what they make; even orders that no training would give."""
    known = ["a", "b", "a</w>", "b</w>"]
    merges: list[Merge] = []
    for _ in range(draw(st.integers(0, 12))):
        left = draw(st.sampled_from([piece for piece in known if not piece.endswith("</w>")]))
        right = draw(st.sampled_from(known))
        merges.append((left, right))
        known.append(left + right)
    order = draw(st.permutations(list(dict.fromkeys(merges))))
    return {merge: rank for rank, merge in enumerate(order)}


@hypothesis_settings(deadline=None, max_examples=150)
@given(st.text(alphabet="ab", min_size=1, max_size=24), merges_in_any_order())
def test_pieces_are_those_of_the_published_algorithm(word: str, ranks: dict[Merge, int]) -> None:
    assert split_word(word, ranks) == merge_naively(word, ranks)


@pytest.mark.parametrize(
    "text", ["patient" * 15_000, "a.b. " * 5_000, "</s>" * 10_000, "-" * 50_000, "'s " * 10_000]
)
def test_a_long_hostile_note_takes_seconds_at_most(text: str, tokenizer: BioGptTokenizer) -> None:
    started = time.process_time()
    tokenizer.encode(text)
    assert time.process_time() - started < 5


@hypothesis_settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.one_of(st.sampled_from(["a.b.", "e.g.", "Dr.", "no.", "3.", "ok.", "Éa."]), st.text(max_size=6))
    )
)
def test_the_quick_moses_gives_the_words_of_the_original(parts: list[str]) -> None:
    text = " ".join(parts)
    assert Moses().words(text) == MosesTokenizer(lang="en").tokenize(text, aggressive_dash_splits=True)


def test_a_file_that_is_not_a_gguf_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    for content in (b"", b"GGUF", json.dumps({}).encode() * 100):
        file.write_bytes(content)
        with pytest.raises(NotBioGptGguf, match=r"model\.gguf"):
            BioGptTokenizer.from_gguf(file)


def test_a_gguf_of_another_model_is_refused(gguf: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(gguf.read_bytes().replace(b"tacit.tokenizer", b"other.tokenizer"))
    with pytest.raises(NotBioGptGguf, match="import-biogpt"):
        BioGptTokenizer.from_gguf(file)
