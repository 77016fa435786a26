"""Filters bring exactly the sources that plain Python admits, by words and by vectors."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinical.evidence.domain import Filters, Grade, Retraction
from clinical.evidence.grading import is_citable
from clinical.evidence.hybrid import HybridSearch
from clinical.evidence.index import EvidenceWriter
from clinical.evidence.vectors.static import embed
from clinical.evidence.vectors.store import VectorStore
from tests.clinical.evidence.corpus import make_article

YEARS = (None, 1976, 1999, 2000, 2020, 2021)
CORPORA = ("pubmed", "guidelines", "our own")
SPECIALTIES = ("cardiology", "oncology", "neurology", "µ-surgery")
LANGUAGES = (None, "eng", "fre")


def make_sources(count=150):
    chance = random.Random(3)
    return [
        make_article(
            "Measles is common in children.",
            id=f"pmid:{number}",
            year=chance.choice(YEARS),
            grade=chance.choice(list(Grade)),
            corpus=chance.choice(CORPORA),
            specialties=tuple(chance.sample(SPECIALTIES, chance.randrange(3))),
            language=chance.choice(LANGUAGES),
            retraction=chance.choice(list(Retraction)),
        )
        for number in range(count)
    ]


SOURCES = make_sources()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    with EvidenceWriter(folder) as writer:
        for source in SOURCES:
            writer.add(source)
        writer.commit()
    return folder


def some(values):
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


years = st.none() | st.integers(1970, 2025) | st.sampled_from((-1, 0, 70_000))
filters = st.builds(
    Filters,
    year_from=years,
    year_to=years,
    grades=some(list(Grade)),
    corpora=some((*CORPORA, "none such")),
    specialties=some((*SPECIALTIES, "none such")),
    languages=some(("eng", "fre", "ger")),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(filters)
def test_both_sides_agree_with_plain_python(folder, chosen):
    admitted = {source.id for source in SOURCES if is_citable(source) and chosen.admits(source)}
    hits = HybridSearch(folder).search("measles in children", filters=chosen, limit=len(SOURCES))
    assert {hit.source.id for hit in hits} == admitted
    [vector] = embed([" measl in children "])
    rows = VectorStore(folder / "vectors").nearest(vector, filters=chosen, limit=len(SOURCES))
    assert len(rows) == len(admitted)


def test_a_filter_that_is_left_out_admits_every_source():
    assert all(map(Filters().admits, SOURCES))
