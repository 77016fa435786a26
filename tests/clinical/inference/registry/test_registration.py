"""From a file to an entry: little to say, nothing guessed, nothing left behind by a failure."""

from dataclasses import replace

import pytest

from clinical.inference.registry.errors import (
    ModelAlreadyRegistered,
    ModelFileMissing,
    ModelFileUnusable,
    NoRoom,
    RegistrationIncomplete,
    RegistryInvalid,
)
from clinical.inference.registry.placing import Placement
from clinical.inference.registry.registration import AdapterChoice, Registration, register
from clinical.inference.registry.verification import verify_model
from tests.clinical.inference.registry.conftest import sha256
from tests.clinical.inference.registry.weights import CHATML, LLAMA3, write_adapter, write_gguf


@pytest.fixture
def said(weights):
    return Registration(file=weights, source="a disk", intended_use="Tests", template="chatml")


def names(folder):
    return {file.name for file in folder.iterdir()}


def test_the_file_says_most_of_it(registry, said, weights):
    model = register(registry, said)
    assert (model.id, model.name, model.family) == ("invented-1b.q4_k_m", "Invented 1B", "llama")
    assert (model.licence, model.quantisation, model.context_tokens) == ("mit", "Q4_K_M", 2048)
    assert (model.file, model.sha256, model.tokenizer) == (weights, sha256(weights), "gguf")
    assert registry.find(model.id) == model
    verify_model(model)


def test_a_person_may_say_it_otherwise(registry, said):
    more = replace(
        said,
        id="cardio",
        name="Cardio",
        licence="Own terms",
        context_tokens=512,
        specialty="cardiology",
        card={"users": "Cardiologists"},
    )
    model = register(registry, more)
    assert (model.id, model.name, model.licence, model.context_tokens) == (
        "cardio",
        "Cardio",
        "Own terms",
        512,
    )
    assert (model.specialty, dict(model.card)) == ("cardiology", {"users": "Cardiologists"})


def test_long_contexts_are_asked_for_and_too_long_ones_refused(registry, said, models_folder):
    long = write_gguf(models_folder / "long.gguf", tokens=CHATML, context=131072)
    assert register(registry, replace(said, file=long)).context_tokens == 4096
    with pytest.raises(RegistrationIncomplete, match="made for 2,048 tokens"):
        register(registry, replace(said, context_tokens=4096))


def test_the_template_is_recognised_and_still_asked_for(registry, said):
    with pytest.raises(RegistrationIncomplete, match="confirm with --template chatml") as caught:
        register(registry, replace(said, template=None))
    assert "chatml, gemma, llama3, mistral, plain" in str(caught.value)
    assert registry.own_file.exists() is False


def test_a_template_that_nothing_hints_at_is_asked_for(registry, said, models_folder):
    bare = write_gguf(models_folder / "bare.gguf")
    with pytest.raises(RegistrationIncomplete, match="Nothing in .* shows which chat template"):
        register(registry, replace(said, file=bare, template=None))


def test_a_template_whose_markers_would_be_ordinary_text_is_refused(registry, said, models_folder):
    other = write_gguf(models_folder / "other.gguf", tokens=LLAMA3)
    with pytest.raises(ModelFileUnusable, match="needs the tokens <|im_end|>, <|im_start|>"):
        register(registry, replace(said, file=other))
    assert register(registry, replace(said, file=other, template="llama3")).template == "llama3"


def test_mistrals_markers_may_be_ordinary_text(registry, said, models_folder):
    bare = write_gguf(models_folder / "bare.gguf")
    assert register(registry, replace(said, file=bare, template="mistral")).template == "mistral"


def test_a_biogpt_is_registered_with_its_own_tokenizer_and_no_roles(registry, said, models_folder):
    file = write_gguf(models_folder / "biogpt.gguf", architecture="gpt2", tacit__tokenizer="biogpt")
    with pytest.raises(ModelFileUnusable, match="--template plain"):
        register(registry, replace(said, file=file, template="mistral"))
    assert register(registry, replace(said, file=file, template="plain")).tokenizer == "biogpt"


def test_a_licence_is_never_guessed(registry, said, models_folder):
    file = write_gguf(models_folder / "x.gguf", tokens=CHATML, licence=None)
    with pytest.raises(RegistrationIncomplete, match="--licence"):
        register(registry, replace(said, file=file))


def test_a_file_elsewhere_is_copied_only_when_asked(registry, said, tmp_path, models_folder):
    outside = write_gguf(tmp_path / "Outside.gguf", tokens=CHATML)
    with pytest.raises(RegistrationIncomplete, match="Add --copy"):
        register(registry, replace(said, file=outside))
    model = register(registry, replace(said, file=outside, placement=Placement.COPY))
    assert model.file == models_folder / "Outside.gguf"
    outside.write_bytes(b"changed")
    verify_model(model)


def test_a_link_costs_no_space(registry, said, tmp_path, models_folder):
    outside = write_gguf(tmp_path / "Outside.gguf", tokens=CHATML)
    model = register(registry, replace(said, file=outside, placement=Placement.LINK))
    assert model.file.samefile(outside)


def test_a_name_in_the_models_folder_is_enough(registry, said, weights):
    assert register(registry, replace(said, file=type(weights)(weights.name))).file == weights


def test_a_file_below_the_folder_and_a_link_in_it_are_registered_there(
    registry, said, tmp_path, models_folder
):
    (models_folder / "big").mkdir()
    below = write_gguf(models_folder / "big" / "below.gguf", tokens=CHATML)
    assert register(registry, replace(said, file=below)).file == below
    outside = write_gguf(tmp_path / "outside.gguf", tokens=CHATML)
    (models_folder / "linked.gguf").symlink_to(outside)
    linked = register(registry, replace(said, file=models_folder / "linked.gguf"))
    assert linked.file == models_folder / "linked.gguf"
    verify_model(linked)


def test_a_copy_never_replaces_a_file(registry, said, tmp_path, weights):
    other = write_gguf(tmp_path / weights.name, tokens=CHATML, seed=9)
    before = weights.read_bytes()
    with pytest.raises(RegistrationIncomplete, match="exists already"):
        register(registry, replace(said, file=other, placement=Placement.COPY))
    assert weights.read_bytes() == before


def test_a_registration_that_fails_leaves_no_copy(registry, said, tmp_path, models_folder, weights):
    outside = write_gguf(tmp_path / "outside.gguf", tokens=CHATML)
    copied = replace(said, file=outside, placement=Placement.COPY)
    for fault in (
        {"licence": "two\nlines"},
        {"card": {"shoe_size": "44"}},
        {"id": "Not An Id"},
        {"specialty": " "},
        {"adapters": (AdapterChoice(id="a", file=outside.with_name("absent.gguf")),)},
    ):
        with pytest.raises((RegistryInvalid, ModelFileMissing)):
            register(registry, replace(copied, **fault))
        assert names(models_folder) == {weights.name}


def test_an_entry_written_by_another_in_the_meantime_undoes_the_copy(registry, said, tmp_path, models_folder):
    outside = write_gguf(tmp_path / "outside.gguf", tokens=CHATML)
    rival = replace(said, id="outside")

    def race(done, total):
        if not registry.own_file.exists():
            register(type(registry).load(content_folder=tmp_path, models_folder=models_folder), rival)

    with pytest.raises(ModelAlreadyRegistered):
        register(registry, replace(said, file=outside, placement=Placement.COPY), on_progress=race)
    assert not (models_folder / "outside.gguf").exists()


def test_a_disk_without_room_is_told_before_the_copy(registry, said, tmp_path, monkeypatch):
    outside = write_gguf(tmp_path / "outside.gguf", tokens=CHATML)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: type("Usage", (), {"free": 10}))
    with pytest.raises(NoRoom, match="use --link"):
        register(registry, replace(said, file=outside, placement=Placement.COPY))


def test_adapters_are_pinned_with_their_model(registry, said, models_folder, tmp_path):
    here, elsewhere = write_adapter(models_folder / "here.gguf"), write_adapter(tmp_path / "elsewhere.gguf")
    choices = (AdapterChoice(id="here", file=here), AdapterChoice(id="other", file=elsewhere, scale=0.5))
    model = register(registry, replace(said, adapters=choices, placement=Placement.COPY))
    assert [(each.id, each.file.name, each.scale) for each in model.adapters] == [
        ("here", "here.gguf", 1.0),
        ("other", "elsewhere.gguf", 0.5),
    ]
    verify_model(model)


def test_an_adapter_of_another_architecture_or_a_model_is_refused(registry, said, models_folder, weights):
    foreign = write_adapter(models_folder / "foreign.gguf", architecture="gemma3")
    with pytest.raises(ModelFileUnusable, match="adapts a model of the architecture gemma3"):
        register(registry, replace(said, adapters=(AdapterChoice(id="a", file=foreign),)))
    with pytest.raises(ModelFileUnusable, match="not a LoRA adapter"):
        register(registry, replace(said, adapters=(AdapterChoice(id="a", file=weights),)))


def test_an_adapter_is_not_a_model(registry, said, models_folder):
    adapter = write_adapter(models_folder / "adapter.gguf")
    with pytest.raises(ModelFileUnusable, match="name it there with --adapter"):
        register(registry, replace(said, file=adapter))


def test_two_files_of_one_name_are_refused(registry, said, models_folder, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = write_adapter(tmp_path / "a" / "x.gguf"), write_adapter(tmp_path / "b" / "x.gguf")
    choices = (AdapterChoice(id="one", file=one), AdapterChoice(id="two", file=two))
    with pytest.raises(RegistrationIncomplete, match="Two files would lie at"):
        register(registry, replace(said, adapters=choices, placement=Placement.COPY))
    assert not (models_folder / "x.gguf").exists()


def test_a_file_name_that_makes_no_id_asks_for_one(registry, said, models_folder):
    file = write_gguf(models_folder / "_Modèle (1).gguf", tokens=CHATML)
    with pytest.raises(RegistrationIncomplete, match="Choose one with --id"):
        register(registry, replace(said, file=file))
