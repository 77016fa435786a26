"""What a GGUF says of itself, and that a broken or hostile one is a typed error and quick."""

import struct
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinical.inference.registry.errors import ModelFileUnusable
from clinical.inference.registry.gguf.facts import read_gguf
from tests.clinical.inference.registry.weights import CHATML, LLAMA3, write_adapter, write_gguf

STRING, ARRAY, INT32 = 8, 9, 5


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def header(*, keys: int = 1, tensors: int = 1, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys)


def test_it_says_architecture_name_licence_context_and_type(tmp_path):
    facts = read_gguf(write_gguf(tmp_path / "a.gguf", architecture="qwen3", context=32768, licence="mit"))
    assert (facts.architecture, facts.name, facts.licence) == ("qwen3", "Invented 1B", "mit")
    assert (facts.context_tokens, facts.quantisation, facts.kind) == (32768, "Q4_K_M", "model")
    assert facts.tokenizer == "gguf"


def test_what_it_does_not_say_is_none(tmp_path):
    facts = read_gguf(write_gguf(tmp_path / "a.gguf", name=None, licence=None, context=None, kind=None))
    assert (facts.name, facts.licence, facts.context_tokens, facts.kind) == (None, None, None, "model")


@pytest.mark.parametrize(
    ("tokens", "templates"),
    [
        (CHATML, ("chatml",)),
        (LLAMA3, ("llama3",)),
        (["<start_of_turn>", "<end_of_turn>"], ("gemma",)),
        (["[INST]", "[/INST]"], ("mistral",)),
        ([*CHATML, *LLAMA3], ("chatml", "llama3")),
        (["<|im_start|>"], ()),
        ([], ()),
    ],
)
def test_a_template_is_recognised_by_all_its_markers(tmp_path, tokens, templates):
    assert read_gguf(write_gguf(tmp_path / "a.gguf", tokens=tokens)).templates == templates


def test_its_chat_template_is_not_looked_at(tmp_path):
    hostile = "{{ ''.__class__.__mro__[1].__subclasses__() }} <|im_start|> <|im_end|>" + " " * 5000
    facts = read_gguf(write_gguf(tmp_path / "a.gguf", tokenizer__chat_template=hostile))
    assert facts.templates == ()
    assert "mro" not in repr(facts)


def test_a_biogpt_knows_no_roles_and_brings_its_own_tokenizer(tmp_path):
    facts = read_gguf(write_gguf(tmp_path / "a.gguf", architecture="gpt2", tacit__tokenizer="biogpt"))
    assert (facts.tokenizer, facts.templates) == ("biogpt", ("plain",))


def test_a_name_cannot_move_the_cursor_of_a_terminal(tmp_path):
    facts = read_gguf(write_gguf(tmp_path / "a.gguf", name="\x1b[2J\x07Fine\n" + "x" * 999))
    assert facts.name is not None
    assert facts.name.startswith("[2JFine")
    assert facts.name.isprintable()
    assert len(facts.name) == 200


def test_an_adapter_says_so_and_other_kinds_are_refused(tmp_path):
    assert read_gguf(write_adapter(tmp_path / "a.gguf")).kind == "adapter"
    with pytest.raises(ModelFileUnusable, match="another kind than LoRA"):
        read_gguf(write_adapter(tmp_path / "b.gguf", adapter_type="control"))
    with pytest.raises(ModelFileUnusable, match="is a mmproj"):
        read_gguf(write_gguf(tmp_path / "c.gguf", kind="mmproj"))
    with pytest.raises(ModelFileUnusable, match="llama-gguf-split --merge"):
        read_gguf(write_gguf(tmp_path / "d.gguf", split__count=3))


@pytest.mark.parametrize(
    "content", [b"", b"GG", b"ggml\x00\x00\x00\x00", b"<!doctype html>", b"PK\x03\x04" * 99]
)
def test_what_is_not_a_gguf_is_a_typed_error(tmp_path, content):
    (tmp_path / "a.gguf").write_bytes(content)
    with pytest.raises(ModelFileUnusable, match="is not a GGUF file"):
        read_gguf(tmp_path / "a.gguf")


def test_a_missing_file_is_a_typed_error(tmp_path):
    with pytest.raises(ModelFileUnusable, match="cannot be read"):
        read_gguf(tmp_path / "a.gguf")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (header(version=1), "version 1"),
        (b"GGUF" + struct.pack(">IQQ", 3, 1, 1), "little-endian"),
        (header(keys=2**60), "claims"),
        (header(tensors=2**60), "claims"),
        (header(keys=9), "cut short"),
        (header() + text(b"a") + struct.pack("<IIQ", ARRAY, INT32, 2**40), "claims"),
        (header() + text(b"a") + struct.pack("<IIQ", ARRAY, INT32, 10**6), "cut short"),
        (header() + text(b"a") + struct.pack("<IIQ", ARRAY, ARRAY, 1) + b"\x00" * 99, "list of lists"),
        (header() + text(b"a") + struct.pack("<IQ", STRING, 2**63) + b"\x00" * 99, "cut short"),
        (header() + text(b"a") + struct.pack("<I", 77) + b"\x00" * 99, "unknown type 77"),
        (header() + text(b"a" * 70_000) + b"\x00" * 99, "name that is too long"),
    ],
)
def test_counts_that_the_bytes_do_not_bear_out_are_refused_at_once(tmp_path, content, fault):
    (tmp_path / "a.gguf").write_bytes(content + b"\x00" * 30)
    began = time.monotonic()
    with pytest.raises(ModelFileUnusable, match=fault):
        read_gguf(tmp_path / "a.gguf")
    assert time.monotonic() - began < 1


def test_a_file_is_refused_wherever_it_is_cut(tmp_path):
    whole = write_gguf(tmp_path / "whole.gguf", tokens=CHATML).read_bytes()
    cut = tmp_path / "cut.gguf"
    for length in [*range(0, 700, 13), len(whole) // 2, len(whole) - 40]:
        cut.write_bytes(whole[:length])
        with pytest.raises(ModelFileUnusable):
            read_gguf(cut)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(4, 900), value=st.binary(min_size=1, max_size=8))
def test_no_change_of_bytes_gives_anything_but_facts_or_a_typed_error(tmp_path, position, value):
    whole = tmp_path / "whole.gguf"
    if not whole.exists():
        write_gguf(whole, tokens=CHATML)
    content = bytearray(whole.read_bytes())
    content[position : position + len(value)] = value
    changed = Path(tmp_path / "changed.gguf")
    changed.write_bytes(content)
    said = ""
    try:
        assert read_gguf(changed).architecture
    except ModelFileUnusable as error:
        said = str(error)
    assert said.isprintable()
