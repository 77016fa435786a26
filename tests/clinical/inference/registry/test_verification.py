"""Only the bytes that were registered are trusted."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from clinical.inference.registry.domain import Adapter
from clinical.inference.registry.errors import ModelFileChanged, ModelFileMissing
from clinical.inference.registry.gguf.facts import read_gguf
from clinical.inference.registry.registry import Registry
from clinical.inference.registry.verification import is_present, verify_model
from tests.clinical.inference.registry.conftest import sha256
from tests.clinical.inference.registry.weights import write_adapter


def test_a_file_with_its_registered_hash_is_accepted_and_progress_reaches_its_size(model):
    seen: list[tuple[int, int | None]] = []
    verify_model(model, on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (model.file.stat().st_size,) * 2


def test_a_file_that_does_not_match_its_hash_is_refused(model):
    content = bytearray(model.file.read_bytes())
    content[-1] ^= 1
    model.file.write_bytes(content)
    with pytest.raises(ModelFileChanged, match="not the one that was registered") as caught:
        verify_model(model)
    assert caught.value.expected == model.sha256
    assert caught.value.found == sha256(model.file)
    assert caught.value.expected in str(caught.value)
    assert caught.value.found in str(caught.value)


def test_a_file_that_grew_is_refused(model):
    with model.file.open("ab") as stream:
        stream.write(b"\x00")
    with pytest.raises(ModelFileChanged):
        verify_model(model)


def test_a_missing_file_says_how_to_get_it(model):
    model.file.unlink()
    assert not is_present(model)
    with pytest.raises(ModelFileMissing, match="models pull invented-1b"):
        verify_model(model)


def test_a_folder_is_not_a_file(model):
    model.file.unlink()
    model.file.mkdir()
    with pytest.raises(ModelFileMissing):
        verify_model(model)


def test_an_adapter_is_verified_too(model, models_folder):
    file = write_adapter(models_folder / "cardio.gguf")
    adapter = Adapter(id="cardio", file=file, sha256=sha256(file))
    verify_model(replace(model, adapters=(adapter,)))
    with pytest.raises(ModelFileChanged, match="the adapter cardio"):
        verify_model(replace(model, adapters=(replace(adapter, sha256="0" * 64),)))
    file.unlink()
    with pytest.raises(ModelFileMissing, match="the adapter cardio"):
        verify_model(replace(model, adapters=(adapter,)))


def test_the_packaged_model_is_the_file_of_the_starter_content(tmp_path):
    registry = Registry.load(content_folder=settings.TACIT_CONTENT_FOLDER, models_folder=tmp_path)
    model = registry.find("smollm2-135m-instruct")
    if not model.file.is_file():
        pytest.skip("the starter content is not unpacked: `make content`")
    verify_model(model)
    facts = read_gguf(Path(model.file))
    assert (facts.architecture, facts.quantisation) == (model.family, model.quantisation)
    assert facts.licence is not None
    assert facts.licence.lower() == model.licence.lower()
    assert facts.templates == (model.template,)
    assert facts.context_tokens is not None
    assert model.context_tokens <= facts.context_tokens
