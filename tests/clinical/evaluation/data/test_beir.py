"""A BEIR folder in each of its layouts."""

import gzip
import json
from pathlib import Path

import pytest

from clinical.evaluation.data.beir import read_beir
from clinical.evaluation.errors import DataEmpty, DataInvalid, DataMissing
from tests.clinical.evaluation.folders import write_beir


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_beir(tmp_path / "beir")


def test_only_queries_with_something_relevant_are_kept(folder: Path) -> None:
    found = read_beir(folder)
    assert [query.id for query in found.queries] == ["q1", "q2"]
    assert found.queries[0].grades == {"d1": 1, "d2": 0}
    assert found.corpus == folder / "corpus.jsonl"


def test_gzip_and_plain_are_the_same(folder: Path) -> None:
    plain = read_beir(folder)
    for name in ("corpus.jsonl", "queries.jsonl"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / name).unlink()
    assert read_beir(folder).queries == plain.queries
    assert read_beir(folder).corpus.name == "corpus.jsonl.gz"


def test_trec_judgements_and_judgements_without_header_are_read(folder: Path) -> None:
    expected = read_beir(folder).queries
    (folder / "qrels.tsv").write_text("q1 0 d1 1\nq1 0 d2 0\nq2 0 d3 2\nq3 0 d1 0\nunknown 0 d1 1\n")
    assert read_beir(folder).queries == expected
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq1\td2\t0\nq2\td3\t2\nq3\td1\t0\n")
    assert read_beir(folder).queries == expected


def test_a_split_is_read_where_it_is_named_or_the_only_one(folder: Path) -> None:
    (folder / "qrels").mkdir()
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq3\td1\t1\n")
    assert [query.id for query in read_beir(folder, split="dev").queries] == ["q3"]
    assert len(read_beir(folder).queries) == 2
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert len(read_beir(folder).queries) == 2
    with pytest.raises(DataMissing, match=r"qrels/train\.tsv"):
        read_beir(folder, split="train")


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(DataMissing, match=name):
        read_beir(folder)


def test_a_file_in_place_of_the_folder_is_told(folder: Path) -> None:
    with pytest.raises(DataMissing, match="a BEIR folder with"):
        read_beir(folder / "corpus.jsonl")


@pytest.mark.parametrize(
    "line", ["q1\td1", "q1\td1\tmuch", "q1 0 d1 nan", "q1 0 d1 inf", "just words here to see"]
)
def test_a_judgement_of_another_form_is_named(folder: Path, line: str) -> None:
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{line}\n")
    with pytest.raises(DataInvalid, match=r"qrels\.tsv, line 2"):
        read_beir(folder)


def test_a_query_without_text_is_named(folder: Path) -> None:
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "title": "x"}) + "\n")
    with pytest.raises(DataInvalid, match=r"queries\.jsonl, line 1: text is missing"):
        read_beir(folder)


def test_queries_that_nobody_judged_are_nothing_to_score(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nother\td1\t1\n")
    with pytest.raises(DataEmpty, match="judged relevant"):
        read_beir(folder)
