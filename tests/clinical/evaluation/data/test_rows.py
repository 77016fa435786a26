"""Rows: JSON Lines and CSV, plain and gzip, and everything that a file can have wrong."""

import gzip
from pathlib import Path

import pytest

from clinical.evaluation.data import lines
from clinical.evaluation.data.rows import Row, read_rows
from clinical.evaluation.errors import DataInvalid, DataMissing, DataUnreadable


def rows_of(path: Path) -> list[dict[str, object]]:
    return [dict(row.fields) for row in read_rows(path, wanted="rows")]


def test_plain_and_gzip_give_the_same_whatever_the_name(tmp_path: Path) -> None:
    text = '{"a": 1}\n\n{"a": 2}\n'
    (tmp_path / "plain.jsonl").write_text(text)
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "unnamed.jsonl").write_bytes(gzip.compress(text.encode()))
    for file in tmp_path.iterdir():
        assert rows_of(file) == [{"a": 1}, {"a": 2}]


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n{"a": 2}\r\n')
    assert rows_of(file) == [{"a": 1}, {"a": 2}]


def test_a_line_separator_inside_a_text_does_not_end_the_row(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"a": "one\u2028two"}\n', encoding="utf-8")
    assert rows_of(file) == [{"a": "one\u2028two"}]


def test_csv_is_read_by_its_header(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv.gz"
    file.write_bytes(gzip.compress(b'Outcome,Label\r\n"pain, at\nrest",x\r\n'))
    assert rows_of(file) == [{"Outcome": "pain, at\nrest", "Label": "x"}]


@pytest.mark.parametrize("content", ["{", "[1]", '{"a": 1} x', "[" * 100_000])
def test_a_line_that_is_no_object_is_named_and_not_quoted(tmp_path: Path, content: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{{"secret": 1}}\n{content}\n')
    with pytest.raises(DataInvalid, match=r"rows\.jsonl, line 2: no JSON") as caught:
        rows_of(file)
    assert content not in str(caught.value).replace("no JSON", "")


def test_a_csv_with_an_open_quote_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text('a,b\n"never closed,1\n')
    with pytest.raises(DataInvalid, match="no CSV"):
        rows_of(file)


def test_a_missing_file_is_told_with_what_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="It should be rows"):
        rows_of(tmp_path / "nowhere.jsonl")


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataMissing):
        rows_of(tmp_path)


@pytest.mark.parametrize("cut", [5, 30, -9, -2])
def test_a_gzip_that_is_cut_short_is_told(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "rows.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"a": 1}\n' * 50)[:cut])
    with pytest.raises(DataUnreadable, match="cut short or damaged"):
        rows_of(file)


def test_a_gzip_with_a_changed_byte_is_told(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b'{"a": 1}\n' * 50))
    packed[-6] ^= 0xFF
    file = tmp_path / "rows.jsonl.gz"
    file.write_bytes(packed)
    with pytest.raises(DataUnreadable, match="cut short or damaged"):
        rows_of(file)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"\x00\xff\xfe\x80")
    with pytest.raises(DataUnreadable, match="not UTF-8"):
        rows_of(file)


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 2**20)
    file = tmp_path / "rows.jsonl"
    file.write_text('{"a": 1}\n' + "x" * (2**20 + 5))
    with pytest.raises(DataUnreadable, match="line 2 is longer"):
        rows_of(file)


def test_a_number_may_stand_where_an_id_is_wanted() -> None:
    row = Row("f, line 1", {"id": 7, "list": [1, "b"]})
    assert row.text("_id", "id") == "7"
    assert row.texts("list") == ("1", "b")


@pytest.mark.parametrize("value", [None, "", "  ", True, ["x"], {"x": 1}])
def test_a_text_that_is_none_is_refused_by_name_and_line(value: object) -> None:
    with pytest.raises(DataInvalid, match="f, line 3: claim or CLAIM is missing or no text"):
        Row("f, line 3", {"claim": value}).text("claim", "CLAIM")


@pytest.mark.parametrize("value", [None, "text", {"x": 1}, [["x"]], [True], [None]])
def test_a_list_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(DataInvalid, match="no list of texts"):
        Row("f, line 3", {"contexts": value}).texts("contexts")
