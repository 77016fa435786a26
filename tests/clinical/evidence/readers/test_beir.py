"""BEIR's documents, a line each."""

import json

import pytest

from tests.clinical.evidence.readers.files import read_all, skipped_of, sources_of, write


def line(**document: object) -> str:
    return json.dumps(document) + "\n"


GOOD = line(_id="7", title="Gout", text="Pain  fell.\nIt did.", metadata={"x": 1})


def test_a_document_keeps_its_id_and_its_text_to_the_letter(tmp_path):
    [source] = sources_of(read_all(write(tmp_path / "corpus.jsonl.gz", GOOD), corpus="beir"))
    assert (source.id, source.title, source.text) == ("beir/7", "Gout", "Pain  fell.\nIt did.")


def test_a_document_with_an_empty_title_is_shown_under_its_opening_words(tmp_path):
    [source] = sources_of(read_all(write(tmp_path / "c.jsonl", line(_id=1, title="", text="Word " * 100))))
    assert source.title == ("Word " * 24).strip()


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line(title="Gout", text="x"), "missing-id"),
        (line(_id="8", text="A query has no title."), "missing-title"),
        (line(_id="8", title="", text=""), "missing-title"),
        ("{not json\n", "malformed"),
        ("[1, 2]\n", "malformed"),
        ("[" * 100_000 + "\n", "malformed"),
        (line(_id="8", title="Gout", text="x", year="later"), "bad-year"),
        (GOOD, "duplicate-id"),
    ],
)
def test_a_line_that_is_no_document_is_skipped_and_the_next_one_read(tmp_path, bad, reason):
    records = read_all(write(tmp_path / "c.jsonl", GOOD + bad + "\n" + line(_id="9", title="T", text="x")))
    assert [why for _, why in skipped_of(records)] == [reason]
    assert [source.id for source in sources_of(records)] == ["mine/7", "mine/9"]
