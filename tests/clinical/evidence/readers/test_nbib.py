"""PubMed's NBIB export: tags, lines that go on, headings, links and dates."""

from datetime import date
from pathlib import Path

import pytest

from clinical.evidence.domain import Grade, Retraction
from clinical.evidence.readers.exports import tagged
from tests.clinical.evidence.readers.files import read_all, skipped_of, sources_of, write

FIRST = """
PMID- 101
OWN - NLM
LR  - 20231130
TI  - Tamoridine for acute gout:
      a randomised trial.
PG  - 1-9
LID - 10.1000/gout.101 [doi]
LID - S0000 [pii]
AB  - BACKGROUND: Gout hurts. METHODS: Adults
      were randomised. RESULTS: Pain fell.
FAU - Curie, Marie
AU  - Curie M
FAU - Hodgkin, Dorothy
AU  - Hodgkin D
LA  - eng
PT  - Journal Article
PT  - Randomized Controlled Trial
TA  - J Invent Med
JT  - Journal of invented medicine
MH  - *Gout/drug therapy
MH  - Humans
DP  - 2023 Nov 2
SO  - J Invent Med. 2023.
"""
RETRACTED = """
PMID- 102
LR  - 20240105
TI  - [Tamoridine cures gout].
PT  - Retracted Publication
RIN - J Invent Med. 2023;1:2. PMID: 103
DP  - 2022
"""
NOTICE = """
PMID- 103
TI  - Retraction: Tamoridine cures gout.
PT  - Retraction of Publication
ROF - J Invent Med. 2022;1:1. PMID: 102
ECF - J Invent Med. 2022;1:1. doi: 10.1/x. PMID: 55
DP  - 2023
"""


def test_a_record_is_read_with_all_that_it_says(tmp_path):
    [source] = sources_of(read_all(write(tmp_path / "one.nbib", FIRST), corpus="pubmed"))
    assert source.id == "pmid:101"
    assert source.title == "Tamoridine for acute gout: a randomised trial."
    assert source.text == "BACKGROUND: Gout hurts. METHODS: Adults were randomised. RESULTS: Pain fell."
    assert (source.doi, source.year, source.journal) == ("10.1000/gout.101", 2023, "J Invent Med")
    assert source.authors == ("Curie, Marie", "Hodgkin, Dorothy")
    assert (source.mesh, source.language) == (("Gout", "Humans"), "eng")
    assert source.grade is Grade.RANDOMISED_TRIAL
    assert (source.retraction, source.retraction_checked_on) == (Retraction.NOT_RETRACTED, date(2023, 11, 30))


def test_retractions_and_what_notices_say_are_read(tmp_path):
    first, retracted, notice = sources_of(read_all(write(tmp_path / "x.nbib", FIRST + RETRACTED + NOTICE)))
    assert not first.retracted
    assert retracted.retracted
    assert retracted.title == "Tamoridine cures gout."
    assert notice.notice_of == ("retraction pmid:102", "concern pmid:55")
    assert {each.retraction_checked_on for each in (first, retracted, notice)} == {date(2024, 1, 5)}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("PMID- \nTI  - A title\n", "missing-id"),
        ("PMID- 7\nAB  - Text only.\n", "missing-title"),
        ("PMID- 7\nBTI - A book\n", "book"),
        ("PMID- 7\nTI  - A title\nDP  - once upon a time\n", "bad-year"),
    ],
)
def test_a_record_that_cannot_be_used_is_skipped_and_the_next_one_read(tmp_path, record, reason):
    records = read_all(write(tmp_path / "x.nbib", f"{FIRST}\n{record}\n{RETRACTED}"))
    assert skipped_of(records) == [("line 26", reason)]
    assert [source.pmid for source in sources_of(records)] == ["101", "102"]


def test_the_second_of_two_records_of_one_id_is_skipped(tmp_path):
    records = read_all(write(tmp_path / "x.nbib", FIRST + FIRST))
    assert skipped_of(records) == [("record 2", "duplicate-id")]


def test_a_record_too_large_is_skipped_without_being_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(tagged, "RECORD_BYTES", 1_000)
    huge = "PMID- 9\nTI  - Huge\n" + "AB  - word word word\n" * 100
    records = read_all(write(tmp_path / "x.nbib", FIRST + huge + RETRACTED))
    assert [reason for _, reason in skipped_of(records)] == ["too-large"]
    assert [source.pmid for source in sources_of(records)] == ["101", "102"]


def test_bytes_that_are_no_utf8_spoil_their_record_alone(tmp_path: Path) -> None:
    spoiled = b"PMID- 9\nTI  - caf\xe9\n\n"
    records = read_all(write(tmp_path / "x.nbib", FIRST.encode() + spoiled + RETRACTED.encode()))
    assert [reason for _, reason in skipped_of(records)] == ["not-utf8"]
    assert len(sources_of(records)) == 2
