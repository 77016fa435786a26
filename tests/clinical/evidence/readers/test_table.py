"""CSV: columns by their names, cells with commas and line ends, and a clear word where a column is missing."""

import pytest

from clinical.evidence.domain import Grade
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers.exports import table
from tests.clinical.evidence.readers.files import read_all, skipped_of, sources_of, write

HEADER = "Title,Abstract,Publication Year,DOI,PMID,Journal/Book,Authors,Publication Type,Language\n"
ROW = (
    '"Tamoridine, for gout","Gout ""hurts"",\nand pain fell.",2021,10.1000/Gout.7,4711.0,J Invent Med,'
    '"Curie, Marie; Hodgkin, Dorothy",Journal Article; Randomized Controlled Trial,en\n'
)


def test_a_row_is_read_with_all_that_it_says(tmp_path):
    [source] = sources_of(read_all(write(tmp_path / "x.csv", "\ufeff" + HEADER + ROW)))
    assert source.id == "mine/pmid:4711"
    assert (source.title, source.text) == ("Tamoridine, for gout", 'Gout "hurts",\nand pain fell.')
    assert (source.year, source.doi, source.pmid) == (2021, "10.1000/Gout.7", "4711")
    assert source.authors == ("Curie, Marie", "Hodgkin, Dorothy")
    assert (source.journal, source.language) == ("J Invent Med", "eng")
    assert source.grade is Grade.RANDOMISED_TRIAL


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_told(tmp_path, delimiter):
    rows = [["TITLE", "text", "year"], ["One", "First, text", "2020"], ["Two", "Second; text", "2021"]]
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in rows]
    sources = sources_of(read_all(write(tmp_path / "x.tsv.gz", "\r\n".join(lines))))
    assert [(each.title, each.text, each.year) for each in sources] == [
        ("One", "First, text", 2020),
        ("Two", "Second; text", 2021),
    ]


def test_a_missing_column_is_named_with_the_columns_that_are_there(tmp_path):
    with pytest.raises(CorpusUnreadable, match=r"no column text .*its columns are: Name, Title") as refused:
        read_all(write(tmp_path / "x.csv", "Name,Title\nA,B\n"))
    assert "x.csv" in str(refused.value)


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(CorpusUnreadable, match="its columns are: none"):
        read_all(write(tmp_path / "x.csv", ""))


def test_rows_that_cannot_be_used_are_skipped_each_with_its_reason(tmp_path):
    content = (
        b"id,title,abstract,year\n"
        b"1,Good,Text,2020\n"
        b"2,,No title,2020\n"
        b"3,Bad year,Text,two thousand\n"
        b"4,Too,many,2020,cells\n"
        b"4,Too few\n"
        b"5,caf\xe9,Latin-1,2020\n"
        b"1,Again,Text,2020\n"
        b"\n"
        b"6,No text,,\n"
    )
    records = read_all(write(tmp_path / "x.csv", content))
    assert skipped_of(records) == [
        ("line 3", "missing-title"),
        ("line 4", "bad-year"),
        ("line 5", "malformed"),
        ("line 6", "malformed"),
        ("line 7", "not-utf8"),
        ("record 7", "duplicate-id"),
    ]
    assert [(each.id, each.text) for each in sources_of(records)] == [("mine/1", "Text"), ("mine/6", "")]


def test_a_quote_that_never_closes_swallows_no_more_than_a_record_may_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "RECORD_BYTES", 1_000)
    good = "Fine,Words that count\n"
    content = "title,abstract\n" + good + '"never closed,x\n' + "a,b\n" * 300 + "Last,Words\n"
    records = read_all(write(tmp_path / "x.csv", content))
    assert skipped_of(records)[0] == ("line 3", "too-large")
    assert sources_of(records)[0].title == "Fine"
    assert sources_of(records)[-1].title == "Last"


def test_a_column_can_say_that_a_work_is_retracted(tmp_path):
    content = "title,abstract,retracted\nOne,Text,Yes\nTwo,Text,no\nRETRACTED: Three,Text,\n"
    sources = sources_of(read_all(write(tmp_path / "x.csv", content)))
    assert [each.retracted for each in sources] == [True, False, True]
