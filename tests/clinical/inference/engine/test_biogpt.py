"""BioGPT the whole way: checkpoint, import, registration, engine process, and English that can be read."""

import ctypes
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from clinical.errors import EngineRefused
from clinical.inference.client import EngineClient
from clinical.inference.domain import (
    BedsideDraft,
    LibraryDraft,
    Message,
    PatientText,
    PublicMessage,
    PublicText,
    Usage,
)
from clinical.inference.draining import drained
from clinical.inference.llama.tokens import token_array
from tests.clinical.inference.biogpt.checkpoints import write_checkpoint
from tests.clinical.inference.biogpt.reciting import reciting_sample, tokenizer_of
from tests.clinical.inference.biogpt.training import SENTENCES
from tests.clinical.inference.drafts import SCHEMA, limits
from tests.clinical.inference.engine.running import RunningEngine, running_engine, start
from tests.clinical.inference.engine.test_forgetting import left_in

PROMPT = "Aspirin reduces the risk of myocardial infarction"
# Hyphens, an apostrophe, quotes, brackets, an ampersand and a Greek letter: whatever Moses escapes or splits.
CONTINUATION = f"{SENTENCES[4]} {SENTENCES[5]}"
ANSWERED = CONTINUATION[40:80]
SAMPLE = reciting_sample(PROMPT, CONTINUATION)
TOKENS = tokenizer_of(SAMPLE).encode(PROMPT)
CANARY = "brambledown quillfeather non-steroidal canary myocardial plasma treatment"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """An engine over a model that was brought by the commands that a hospital would give."""
    folder = tmp_path_factory.mktemp("engine")
    models = folder / "models"
    models.mkdir()
    checkpoint = write_checkpoint(SAMPLE, folder / "checkpoint", "bin")
    with override_settings(TACIT_MODELS_FOLDER=models, TACIT_CONTENT_FOLDER=folder / "content"):
        _models("import-biogpt", checkpoint, models / "biogpt.gguf", "--quantize", "Q8_0")
        _models(
            *("add", models / "biogpt.gguf", "--id", "biogpt", "--template", "plain", "--licence", "MIT"),
            *("--source", "made by this test", "--intended-use", "tests"),
        )
    with running_engine(folder, model="biogpt") as running:
        yield running


def _models(*arguments: str | Path) -> None:
    call_command("models", *map(str, arguments), stdout=io.StringIO(), stderr=io.StringIO())


def bedside(text: str, **changes: object) -> BedsideDraft:
    message = Message("user", PatientText(text))
    return BedsideDraft(messages=(message,), limits=limits(**{"max_tokens": 80} | changes))


def library(text: str, **changes: object) -> LibraryDraft:
    message = PublicMessage("user", PublicText(text))
    return LibraryDraft(messages=(message,), limits=limits(**{"max_tokens": 80} | changes))


def written(client: EngineClient, draft: BedsideDraft | LibraryDraft) -> tuple[list[str], Usage]:
    pieces: list[str] = []
    usage = drained(client.write(draft), pieces.append)
    return pieces, usage


@pytest.mark.parametrize("draft", [bedside(PROMPT), library(PROMPT)])
def test_it_goes_on_in_plain_english(engine: RunningEngine, draft: BedsideDraft | LibraryDraft) -> None:
    pieces, usage = written(engine.client, draft)
    assert "".join(pieces) == CONTINUATION
    # Each word as soon as it is whole: no piece holds an escape, half of one, or half a letter.
    assert len(pieces) > 15
    assert all(piece in CONTINUATION for piece in pieces)
    assert usage.prompt_tokens == 1 + len(TOKENS)
    assert usage.written_tokens == len(tokenizer_of(SAMPLE).encode(CONTINUATION))


@pytest.mark.parametrize("draft", [bedside(PROMPT, max_tokens=7), library(PROMPT, max_tokens=7)])
def test_a_text_that_is_cut_off_is_given_to_its_last_word(
    engine: RunningEngine, draft: BedsideDraft | LibraryDraft
) -> None:
    tokens = tokenizer_of(SAMPLE).encode(CONTINUATION)[:7]
    names = {token: piece for piece, token in SAMPLE.ids.items()}
    spelled = "".join(names[token] for token in tokens).replace("</w>", " ")
    pieces, usage = written(engine.client, draft)
    assert usage.written_tokens == 7
    assert "".join(pieces) == tokenizer_of(SAMPLE).detokenize(spelled)


def test_several_at_once_keep_their_words_apart(engine: RunningEngine) -> None:
    with ThreadPoolExecutor(3) as callers:
        texts = list(callers.map(lambda draft: "".join(engine.client.write(draft)), [library(PROMPT)] * 3))
    assert texts == [CONTINUATION] * 3


@pytest.mark.parametrize(
    "schema", [SCHEMA, {"type": "integer"}, {"type": "boolean"}, {"type": "no such type"}]
)
def test_a_schema_is_a_typed_refusal_and_the_engine_lives(
    engine: RunningEngine, schema: dict[str, object]
) -> None:
    pid = engine.pid
    for draft in (bedside(PROMPT), library(PROMPT)):
        with pytest.raises(EngineRefused, match="schema-unusable"):
            written(engine.client, replace(draft, schema=schema))
    assert engine.pid == pid
    assert "".join(written(engine.client, bedside(PROMPT))[0]) == CONTINUATION


@pytest.mark.parametrize(
    "text", ["", " \n", "</s>" * 5, "\ud800", "\x00", "中文 🫀", "&lt;/s&gt; [unused 3]"]
)
def test_no_text_ends_the_engine(engine: RunningEngine, text: str) -> None:
    pid = engine.pid
    fixed = (PublicMessage("system", PublicText("Aspirin reduces")),)
    draft = BedsideDraft(
        fixed=fixed, messages=(Message("user", PatientText(text)),), limits=limits(max_tokens=4)
    )
    for _ in range(2):  # the second time after a snapshot of the fixed part
        written(engine.client, draft)
    written(engine.client, library(text, max_tokens=4))
    assert engine.pid == pid


def test_a_text_longer_than_its_positions_is_refused(engine: RunningEngine) -> None:
    with pytest.raises(EngineRefused, match="prompt-too-long"):
        written(engine.client, bedside("patients " * 60))


def test_nothing_is_left_of_a_request(engine: RunningEngine) -> None:
    tokens = bytes(token_array(tokenizer_of(SAMPLE).encode(CANARY)))
    needles = {
        "text": CANARY.encode(),
        "wide text": CANARY.encode("utf-32-le"),
        "a part": CANARY[:24].encode(),
        "words": b"brambledown quillfeather non @-@ steroidal",
        "tokens": tokens[: len(tokens) // 2],
        "the answer": ANSWERED.encode(),
        "the answer, as Python holds it": ANSWERED.encode("utf-16-le"),  # its α makes every letter as wide
    }
    assert len(tokens) > 20 * ctypes.sizeof(ctypes.c_int32)
    written(engine.client, bedside(CANARY, max_tokens=20))
    written(engine.client, bedside(PROMPT))
    assert left_in(engine, needles) == set()


def test_a_biogpt_whose_entry_names_another_tokenizer_is_not_served(
    engine: RunningEngine, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    source = engine.socket_file.parent / "models"
    os.link(source / "biogpt.gguf", models / "biogpt.gguf")
    entry = (source / "models.toml").read_text()
    for changed, said in (
        (entry.replace('tokenizer = "biogpt"', 'tokenizer = "gguf"'), "llama.cpp would split wrongly"),
        (entry.replace('template = "plain"', 'template = "chatml"'), "must be plain for a BioGPT"),
    ):
        assert changed != entry
        (models / "models.toml").write_text(changed)
        assert start(tmp_path / "engine.sock", tmp_path, model="biogpt").wait(30) == 78
        log = (tmp_path / "engine.log").read_text()
        assert said in log
        assert "Traceback" not in log
