"""The library lane: many drafts together, each as if it were alone, sharing what they begin with."""

import json
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from clinical.inference.domain import LibraryDraft, Usage
from clinical.inference.llama.library import SEQUENCES, LibraryLane, Sequence
from clinical.inference.llama.prompts import Prompts
from clinical.inference.llama.weights import Weights
from clinical.inference.templates import TEMPLATES
from tests.clinical.inference.drafts import SCHEMA, library

LONG = "A passage about platelets, stents and stroke. " * 12


@pytest.fixture
def lane(weights: Weights) -> Iterator[LibraryLane]:
    prompts = Prompts(weights, TEMPLATES["chatml"], context_tokens=1024)
    lane = LibraryLane(weights, prompts, context_tokens=4096, threads=2)
    yield lane
    lane.close()


def admitted(lane: LibraryLane, draft: LibraryDraft) -> Sequence:
    sequence = lane.admit(draft)
    assert sequence is not None
    return sequence


def run(lane: LibraryLane) -> dict[Sequence, tuple[str, Usage]]:
    texts: dict[Sequence, bytes] = {}
    ended: dict[Sequence, tuple[str, Usage]] = {}
    while lane.is_active:
        for written in lane.step():
            assert written.refusal is None
            texts[written.sequence] = texts.get(written.sequence, b"") + written.piece
            if written.is_end:
                ended[written.sequence] = texts[written.sequence].decode(), written.sequence.usage()
                lane.drop(written.sequence)
    return ended


def test_a_beginning_that_is_shared_is_read_once(lane: LibraryLane) -> None:
    sequences = [admitted(lane, library(f"{LONG} Say {number}.", max_tokens=8)) for number in range(6)]
    ended = run(lane)
    usages = [ended[sequence][1] for sequence in sequences]
    assert [usage.reused_tokens > 0.9 * usage.prompt_tokens for usage in usages] == [False, *[True] * 5]
    assert all(0 < usage.written_tokens <= 8 for usage in usages)


def test_a_draft_that_shares_says_what_it_says_alone(lane: LibraryLane) -> None:
    asked = [library(f"{LONG} Count to {number}.", max_tokens=6) for number in (3, 5)]
    alone = []
    for draft in asked:
        admitted(lane, draft)
        alone += [text for text, _ in run(lane).values()]
    together = [admitted(lane, draft) for draft in asked]
    ended = run(lane)
    assert [ended[sequence][0] for sequence in together] == alone


def test_each_follows_its_own_schema(lane: LibraryLane) -> None:
    schemas = [
        SCHEMA | {"properties": {"passage": {"enum": [number]}, "statement": {"type": "string"}}}
        for number in (4, 7)
    ]
    sequences = [admitted(lane, library(schema=schema, max_tokens=60)) for schema in schemas]
    ended = run(lane)
    documents = [json.loads(ended[sequence][0]) for sequence in sequences]
    assert [document["passage"] for document in documents] == [4, 7]
    for document, schema in zip(documents, schemas, strict=True):
        Draft202012Validator(schema).validate(document)


def test_who_joins_late_takes_the_beginning_over(lane: LibraryLane) -> None:
    first = admitted(lane, library(f"{LONG} Tell a story.", max_tokens=30))
    for _ in range(3):
        lane.step()
    second = admitted(lane, library(f"{LONG} Say yes.", max_tokens=5))
    ended = run(lane)
    assert ended[second][1].reused_tokens > 0.9 * ended[second][1].prompt_tokens
    assert set(ended) == {first, second}


def test_when_the_one_who_reads_leaves_another_reads(lane: LibraryLane) -> None:
    first, second, third = (admitted(lane, library(f"{LONG} Say {n}.", max_tokens=5)) for n in range(3))
    lane.step()
    lane.drop(first)
    ended = run(lane)
    assert set(ended) == {second, third}
    assert all(usage.written_tokens for _, usage in ended.values())


def test_there_are_only_so_many_places(lane: LibraryLane) -> None:
    for _ in range(SEQUENCES):
        admitted(lane, library("Say yes.", max_tokens=2))
    assert lane.admit(library("Say yes.", max_tokens=2)) is None
    assert len(run(lane)) == SEQUENCES
    assert lane.admit(library("Say yes.", max_tokens=2)) is not None


def test_nobody_is_admitted_beyond_the_memory(lane: LibraryLane) -> None:
    for _ in range(4):
        admitted(lane, library("Say yes.", max_tokens=990))
    assert lane.admit(library("Say yes.", max_tokens=990)) is None
