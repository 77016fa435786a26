"""RIS: the tags in their older and newer meanings, as an independent parser reads them too."""

import pytest
import rispy

from clinical.evidence.domain import Grade, Retraction
from tests.clinical.evidence.readers.files import read_all, skipped_of, sources_of, write

FIRST = """TY  - JOUR
TI  - Tamoridine for acute gout: a cohort study
AU  - Curie, Marie
AU  - Hodgkin, Dorothy
PY  - 2021/03/05/
JO  - J Invent Med
DO  - https://doi.org/10.1000/GOUT.7
AB  - Gout hurts.
Pain fell by 3.5 points.
LA  - English
ER  -
"""
OLDER = """TY  - JOUR
T1  - RETRACTED: Tamoridine cures gout
A1  - Lovelace, Ada
Y1  - 1998
JF  - Archives of Nothing
N2  - Everyone was cured.
DB  - PubMed
AN  - 4711
ER  -
"""


def test_a_reference_is_read_with_all_that_it_says(tmp_path):
    [source] = sources_of(read_all(write(tmp_path / "x.ris", "\ufeff" + FIRST)))
    assert source.id == "mine/doi:10.1000/gout.7"
    assert source.title == "Tamoridine for acute gout: a cohort study"
    assert source.text == "Gout hurts. Pain fell by 3.5 points."
    assert (source.doi, source.year, source.journal) == ("10.1000/GOUT.7", 2021, "J Invent Med")
    assert source.authors == ("Curie, Marie", "Hodgkin, Dorothy")
    assert (source.language, source.grade) == ("eng", Grade.OBSERVATIONAL)
    assert source.retraction is Retraction.UNKNOWN


def test_older_tags_are_read_and_an_accession_number_of_pubmed_is_the_pmid(tmp_path):
    [source] = sources_of(read_all(write(tmp_path / "x.ris", OLDER), corpus="pubmed"))
    assert (source.id, source.pmid, source.year) == ("pmid:4711", "4711", 1998)
    assert (source.authors, source.journal) == (("Lovelace, Ada",), "Archives of Nothing")
    assert source.text == "Everyone was cured."
    assert source.retracted


def test_an_independent_parser_reads_the_same(tmp_path):
    theirs = rispy.loads(FIRST)[0]
    [ours] = sources_of(read_all(write(tmp_path / "x.ris", FIRST)))
    assert ours.title == theirs["title"]
    assert ours.text == theirs["abstract"]
    assert list(ours.authors) == theirs["authors"]
    assert str(ours.year) == theirs["year"][:4]


def test_a_reference_without_identifiers_keeps_its_id_from_export_to_export(tmp_path):
    bare = "TY  - JOUR\nTI  - Plain words\nPY  - 2020\nJO  - J\nER  - \n"
    first = sources_of(read_all(write(tmp_path / "a.ris", bare)))
    again = sources_of(read_all(write(tmp_path / "b.ris", FIRST + "ID  - 3\n" + bare)))
    assert first[0].id == again[1].id


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("TY  - JOUR\nAB  - Text only.\nER  - \n", "missing-title"),
        ("TY  - JOUR\nTI  - A title\nPY  - 20211\nER  - \n", "bad-year"),
    ],
)
def test_a_reference_that_cannot_be_used_is_skipped_and_the_next_one_read(tmp_path, record, reason):
    records = read_all(write(tmp_path / "x.ris.gz", FIRST + record + OLDER))
    assert skipped_of(records) == [("line 12", reason)]
    assert len(sources_of(records)) == 2


def test_a_reference_that_was_cut_off_ends_where_the_next_begins(tmp_path):
    cut = "TY  - JOUR\nTI  - Cut off\nDO  - 10.1000/cut\n"
    assert len(sources_of(read_all(write(tmp_path / "x.ris", cut + FIRST + cut)))) == 2
