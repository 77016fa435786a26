"""Whatever is wrong with a file is one typed error that names it, or a record skipped; memory stays small."""

import gzip
import os
import resource
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import cast

import pytest

from clinical.evidence.errors import CorpusUnreadable, EvidenceError, FormatUnknown
from clinical.evidence.readers.exports.lines import read_lines
from clinical.evidence.readers.formats import Format, format_of
from clinical.evidence.readers.languages import language_code
from clinical.evidence.readers.records import SkipReason
from tests.clinical.evidence.readers.files import read_all, skipped_of, sources_of, write

CSV = "title,abstract\n" + "".join(f"Title {n},Some words of an abstract {n}\n" for n in range(3_000))


@pytest.mark.parametrize("name", ["x.csv.gz", "x.ris.gz", "x.nbib.gz", "x.jsonl.gz", "x.xml.gz", "x.md.gz"])
def test_a_packed_file_cut_short_is_a_typed_error_after_what_it_held(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, CSV)
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(CorpusUnreadable, match=f"{name}: cut short"):
        read_all(path, file_format=Format.CSV)


def test_a_packed_file_with_a_changed_byte_is_a_typed_error(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv.gz", CSV)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(CorpusUnreadable, match="x.csv.gz"):
        read_all(path)


def test_what_is_called_packed_and_is_not_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_text(CSV, encoding="utf-8")
    with pytest.raises(CorpusUnreadable, match="not a gzip file"):
        read_all(path)


def test_what_is_packed_and_not_called_so_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(gzip.compress(CSV.encode()))
    assert len(sources_of(read_all(path))) == 3_000


def test_a_missing_file_a_folder_and_a_pipe_are_typed_errors(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name, what in (("none.csv", "no such file"), (".", "is not a file"), ("pipe.csv", "is not a file")):
        with pytest.raises(CorpusUnreadable, match=what):
            read_all(tmp_path / name)
    with pytest.raises(CorpusUnreadable, match="is not a file"):
        read_all(Path("/dev/zero"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_typed_error(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", CSV)
    path.chmod(0)
    with pytest.raises(CorpusUnreadable, match="permission denied"):
        read_all(path)


def test_what_the_system_does_not_let_be_opened_is_a_typed_error(tmp_path, monkeypatch):
    path = write(tmp_path / "x.csv", CSV)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CorpusUnreadable, match="permission denied"):
        read_all(path)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a", "<?xml version='1.0'?><PubmedArticleSet/>", Format.PUBMED),
        ("a.txt", "\nPMID- 7\n", Format.NBIB),
        ("a.txt", "1. \nTY  - JOUR\n", Format.RIS),
        ("a.json", '{"_id": "7"}', Format.BEIR),
        ("a.csv", "title,abstract\n", Format.CSV),
        ("a.tsv.gz", "title\tabstract\n", Format.CSV),
        ("a.md", "---\ntitle: x\n---\n", Format.MARKDOWN),
        ("a.csv", "TY  - JOUR\n", Format.RIS),
        ("registry.json", "[]", Format.REGISTRY),
    ],
)
def test_the_format_is_told_by_content_before_the_name(tmp_path, name, content, expected):
    assert format_of(write(tmp_path / name, content)) is expected


def test_a_format_that_nobody_knows_is_told_with_those_that_can_be_named(tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown, match="--format: pubmed, nbib"):
        read_all(write(tmp_path / "x.docx", "words"))


def test_utf16_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(CorpusUnreadable, match="UTF-16"):
        read_all(write(tmp_path / "x.csv", CSV.encode("utf-16")))


def test_lines_are_bounded_and_say_in_their_place_what_is_wrong() -> None:
    content = b"\xef\xbb\xbfone\r\n" + b"x" * 50 + b"\ntwo\n\xff\nthree" + b"y" * 50
    lines = list(read_lines(cast(RawIOBase, BytesIO(content)), limit=20))
    assert lines == [
        (1, "one\r\n"),
        (2, SkipReason.TOO_LARGE),
        (3, "two\n"),
        (4, SkipReason.NOT_UTF8),
        (5, SkipReason.TOO_LARGE),
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [("English", "eng"), ("en-GB", "eng"), ("GER", "ger"), ("", None), ("Klingon", None), ("tlh", "tlh")],
)
def test_languages_get_pubmeds_codes(written: str, code: str | None) -> None:
    assert language_code(written) == code


def pieces(opening: bytes, filler: bytes, times: int, ending: bytes) -> Iterator[bytes]:
    yield opening
    for _ in range(times):
        yield filler
    yield ending


HUGE = {
    "x.csv.gz": (b"title,abstract\nA,b\n", b"w" * 1_000_000, b"\nLast,words\n"),
    "y.csv.gz": (b'title,abstract\nA,"', (b"l" * 9_999 + b"\n") * 100, b'x"\nLast,words\n'),
    "x.jsonl.gz": (
        b'{"_id": "1", "title": "',
        b"w" * 1_000_000,
        b'"}\n{"_id": "2", "title": "Last", "text": ""}\n',
    ),
    "x.ris.gz": (
        b"TY  - JOUR\nTI  - A\nAB  - ",
        (b"word " * 2_000 + b"\n") * 100,
        b"\nER  - \nTY  - JOUR\nTI  - Last\nER  - \n",
    ),
    "x.nbib.gz": (b"PMID- 1\nTI  - ", b"w" * 1_000_000, b"\n\nPMID- 2\nTI  - Last\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_a_record_of_300_megabytes_is_skipped_and_memory_stays_small(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    opening, filler, ending = HUGE[name]
    with gzip.open(path, "wb", compresslevel=1) as file:
        for piece in pieces(opening, filler, 300, ending):
            file.write(piece)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    records = read_all(path)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert "too-large" in {reason for _, reason in skipped_of(records)}
    assert sources_of(records)[-1].title == "Last"
    assert grown < 200, f"{grown:.0f} MB more"


@pytest.mark.slow
@pytest.mark.parametrize("filler", [b"w" * 1_000_000, b"<a/>" * 250_000])
def test_a_record_of_300_megabytes_of_xml_is_refused_and_memory_stays_small(
    tmp_path: Path, filler: bytes
) -> None:
    path = tmp_path / "x.xml.gz"
    opening = b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for piece in pieces(
            opening, filler, 300, b"</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        ):
            file.write(piece)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(EvidenceError, match="x.xml.gz"):
        read_all(path)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 400, f"{grown:.0f} MB more"
